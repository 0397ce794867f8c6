import JobFiles
import JobModel

/// JSON values as text for people.
enum JSONText {
  /// On one line.
  static func compact(_ value: JSONValue) -> String { String(decoding: value.canonicalJSON(), as: UTF8.self) }

  /// Over several lines, two spaces a level.
  static func pretty(_ value: JSONValue, indent: String = "") -> [String] {
    switch value {
    case .object(let members) where !members.isEmpty:
      members.sorted { $0.key < $1.key }.flatMap { key, value -> [String] in
        switch value {
        case .object(let inner) where !inner.isEmpty: ["\(indent)\(key):"] + pretty(value, indent: indent + "  ")
        default: ["\(indent)\(key): \(compact(value))"]
        }
      }
    default: ["\(indent)\(compact(value))"]
    }
  }
}
