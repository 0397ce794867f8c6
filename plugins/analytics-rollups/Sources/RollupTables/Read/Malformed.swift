/// Why a line is no event.
package enum Malformed: UInt8, Error, Sendable, CaseIterable {
  case json = 1
  case tooDeep
  case notUTF8
  case tooLong
  case noUser
  case noType
  case noTime
  case badTime
  case badAmount
  case badSession
  case badID
  case badProperties
  case longName

  /// For people.
  package var reason: String {
    switch self {
    case .json: "not a JSON object"
    case .tooDeep: "nested deeper than 64"
    case .notUTF8: "not UTF-8"
    case .tooLong: "longer than 1 MiB"
    case .noUser: "user_id is missing, empty or no text"
    case .noType: "event_type is missing, empty or no text"
    case .noTime: "timestamp is missing or no text"
    case .badTime: "timestamp is no ISO 8601 time of 1970 to 2199 with Z or an offset"
    case .badAmount: "properties.amount is no decimal number within ±90 trillion"
    case .badSession: "session_id is no text"
    case .badID: "event_id is no text"
    case .longName: "user_id, event_type or country is longer than 1,024 bytes"
    case .badProperties: "properties, location or country is of another type"
    }
  }
}
