import FoundationEssentials

/// A JSON value, as far as a command can be given it.
enum ItemValue: Codable, Hashable, Sendable {
  case null
  case flag(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
  case list([ItemValue])
  case object([String: ItemValue])

  init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    func attempt<Value: Decodable>(_ type: Value.Type) -> Value? {
      do { return try single.decode(type) } catch { return nil }  // another type, then
    }
    if single.decodeNil() {
      self = .null
    } else if let value = attempt(Bool.self) {
      self = .flag(value)
    } else if let value = attempt(Int64.self) {
      self = .integer(value)
    } else if let value = attempt(Double.self) {
      self = .number(value)
    } else if let value = attempt(String.self) {
      self = .text(value)
    } else if let value = attempt([ItemValue].self) {
      self = .list(value)
    } else {
      // A plain dictionary, so that whatever reads the configuration does not take an item's keys for unknown ones.
      self = .object(try single.decode([String: ItemValue].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var single = encoder.singleValueContainer()
    switch self {
    case .null: try single.encodeNil()
    case .flag(let value): try single.encode(value)
    case .integer(let value): try single.encode(value)
    case .number(let value): try single.encode(value)
    case .text(let value): try single.encode(value)
    case .list(let value): try single.encode(value)
    case .object(let value): try single.encode(value)
    }
  }

  /// The value of a JSON text; nil when it is none.
  static func parse(_ bytes: [UInt8]) -> ItemValue? {
    do { return try JSONDecoder().decode(ItemValue.self, from: Data(bytes)) } catch { return nil }
  }

  /// The value as JSON, with sorted keys.
  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do { return String(decoding: try encoder.encode(self), as: UTF8.self) } catch { return "null" }  // a number that is none
  }

  /// As an argument: texts as they are, everything else as JSON, null as nothing.
  var argument: String {
    switch self {
    case .null: ""
    case .text(let text): text
    default: json
    }
  }

  /// The value at a dotted path of keys and places.
  func at(_ path: some Collection<Substring>) -> ItemValue? {
    path.reduce(Optional(self)) { value, part in
      switch value {
      case .object(let fields): fields[String(part)]
      case .list(let values): Int(part).flatMap { values.indices.contains($0) ? values[$0] : nil }
      default: nil
      }
    }
  }
}
