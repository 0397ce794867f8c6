/// What a template is given: JSON as it came.
package enum Value: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
  case list([Value])
  case object([String: Value])

  /// What stands at a dotted path; nil when there is nothing.
  package subscript(path path: String) -> Value? {
    if case .object(let members) = self {
      if let value = members[path] { return value }
      // What most recipients do not have is found to be missing without cutting its name at dots.
      if !path.isEmpty, !path.utf8.contains(UInt8(ascii: ".")) { return nil }
    }
    var value = self
    for name in path.split(separator: ".") {
      guard case .object(let members) = value, let next = members[String(name)] else { return nil }
      value = next
    }
    return value
  }

  /// As a template shows it; nil for what has no text of its own.
  package var shown: String? {
    switch self {
    case .text(let text): text
    case .integer(let number): String(number)
    case .number(let number): number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
    case .bool(let flag): flag ? "true" : "false"
    case .null, .list, .object: nil
    }
  }

  /// Whether a section of it is shown.
  var isTrue: Bool {
    switch self {
    case .null: false
    case .bool(let flag): flag
    case .text(let text): !text.isEmpty
    case .list(let values): !values.isEmpty
    case .integer, .number, .object: true
    }
  }
}
