import RollupTables

/// The payload of an item.
package enum WorkItem: Codable, Hashable, Sendable {
  /// A range of an input is read into a part.
  case range(ListedInput, index: Int)
  /// The tables are made of all parts, when there is nothing left to read.
  case tables
  /// People are told of bursts.
  case alerts([BurstAlert])

  /// The key of the item that makes the tables. No path is like it: it would have an ending.
  static let tablesKey = "tables"
}

/// A burst, as the event tells it.
package struct BurstAlert: Codable, Hashable, Sendable {
  /// The same for the same burst.
  package var id: String
  package var kind = "burst"
  package var severity = "high"
  package var userID: String
  /// Microseconds since 1970, UTC.
  package var atUs: Int64
  package var untilUs: Int64
  /// The most page views and clicks in one window.
  package var events: Int64

  init(_ alert: Alert) {
    id = Hash.hex(of: "burst \(alert.atUs) \(alert.user)")
    userID = alert.user
    (atUs, untilUs, events) = (alert.atUs, alert.untilUs, alert.value)
  }

  private enum CodingKeys: String, CodingKey {
    case id, kind, severity, events
    case userID = "user_id"
    case atUs = "at_us"
    case untilUs = "until_us"
  }

  static let eventType = "anomaly_detected"
}
