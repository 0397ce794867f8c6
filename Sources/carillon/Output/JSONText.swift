import JobFiles
import JobModel

/// JSON values as text for people.
enum JSONText {
  /// On one line.
  static func compact(_ value: JSONValue) -> String { String(decoding: value.canonicalJSON(), as: UTF8.self) }

  /// Over several lines, two spaces a level; of a list of objects each on its line.
  static func pretty(_ value: JSONValue, indent: String = "") -> [String] {
    guard case .object(let members) = value, !members.isEmpty else { return ["\(indent)\(compact(value))"] }
    return members.sorted { $0.key < $1.key }.flatMap { key, value -> [String] in
      switch value {
      case .object(let inner) where !inner.isEmpty: return ["\(indent)\(key):"] + pretty(value, indent: indent + "  ")
      case .array(let items) where items.contains { if case .object = $0 { true } else { false } }:
        return ["\(indent)\(key):"] + items.map { "\(indent)  - \(compact($0))" }
      default: return ["\(indent)\(key): \(compact(value))"]
      }
    }
  }

  /// In a few words, for a summary: long lists and objects by their size.
  static func brief(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): return text
    case .int(let number): return Words.count(Int(number))
    case .double(let number): return String(Double(Int64(max(-9e15, min(9e15, number * 100)).rounded())) / 100)
    case .array(let items) where compact(value).count > 60: return "\(Words.count(items.count, "value"))"
    case .object(let members) where compact(value).count > 60: return "\(Words.count(members.count, "value"))"
    default: return compact(value)
    }
  }
}
