import FoundationEssentials

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

extension Value: Codable {
  package init(from decoder: any Decoder) throws {
    // Kinds are tried, and trying is slow: texts are the most common, and null can be asked for.
    let single = try decoder.singleValueContainer()
    if single.decodeNil() {
      self = .null
    } else if let text = try? single.decode(String.self) {  // each of these may be another kind
      self = .text(text)
    } else if let number = try? single.decode(Int64.self) {
      self = .integer(number)
    } else if let number = try? single.decode(Double.self) {
      self = .number(number)
    } else if let flag = try? single.decode(Bool.self) {
      self = .bool(flag)
    } else if let members = try? single.decode([String: Value].self) {
      self = .object(members)
    } else {
      self = .list(try single.decode([Value].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var single = encoder.singleValueContainer()
    switch self {
    case .null: try single.encodeNil()
    case .bool(let flag): try single.encode(flag)
    case .integer(let number): try single.encode(number)
    case .number(let number): try single.encode(number)
    case .text(let text): try single.encode(text)
    case .list(let values): try single.encode(values)
    case .object(let members): try single.encode(members)
    }
  }
}

extension Value {
  /// What a member of an object is called.
  struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ text: String) { stringValue = text }
    init(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  /// All members of an object. A text, which most are, is asked for where it stands: that needs no container of its own.
  static func members(of object: KeyedDecodingContainer<Name>) throws -> [String: Value] {
    var members: [String: Value] = [:]
    for name in object.allKeys {
      if let text = try? object.decode(String.self, forKey: name) {  // may be another kind
        members[name.stringValue] = .text(text)
      } else {
        members[name.stringValue] = try object.decode(Value.self, forKey: name)
      }
    }
    return members
  }

  /// As a member of an object.
  func encode(to object: inout KeyedEncodingContainer<Name>, as name: Name) throws {
    if case .text(let text) = self { try object.encode(text, forKey: name) } else { try object.encode(self, forKey: name) }
  }
}
