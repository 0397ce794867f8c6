internal import Foundation
internal import JobModel

/// A run's definition outlives the program that wrote it: a field that a later Carillon has added takes its default when the
/// text lacks it.
enum JobDefinitionColumn {
  /// Fields that are structs of their own, and gain fields too, as they are by default.
  private struct Nested: Encodable {
    var retry = RetryPolicy()
    var timeouts = Timeouts()
    var breaker = BreakerPolicy()
    var limits = WorkerLimits()
    var catchUp = CatchUpPolicy()
  }

  static func decode(_ text: String) throws -> JobDefinition {
    do {
      return try JSONColumn.decode(JobDefinition.self, text)
    } catch DecodingError.keyNotFound {
      let stored = try JSONColumn.decode(JSONTree.self, text)
      let defaults = try JSONColumn.decode(JSONTree.self, JSONColumn.encode(Nested()))
      return try JSONColumn.decode(JobDefinition.self, JSONColumn.encode(stored.filled(from: defaults)))
    }
  }
}

/// JSON with numbers as they were written: the two words of a `Duration` do not fit `JSONValue`.
private enum JSONTree: Codable {
  case null
  case bool(Bool)
  case number(Decimal)
  case string(String)
  case array([JSONTree])
  case object([String: JSONTree])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {  // a wrong guess is the way to the next case, not an error
      self = .bool(value)
    } else if let value = try? container.decode(Decimal.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONTree].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONTree].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }

  /// With the fields that its objects lack and the objects of the same names in `defaults` have.
  func filled(from defaults: JSONTree) -> JSONTree {
    guard case .object(var fields) = self, case .object(let defaults) = defaults else { return self }
    for case (let name, .object(let values)) in defaults {
      guard case .object(let own)? = fields[name] else { continue }
      fields[name] = .object(own.merging(values) { own, _ in own })
    }
    return .object(fields)
  }
}
