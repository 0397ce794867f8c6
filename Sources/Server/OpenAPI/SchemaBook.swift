import ControlAPI
import Foundation
import JobModel
import Synchronization

/// JSON Schemas (2020-12, as OpenAPI 3.1 has them) of the types that cross the socket, found by letting each type decode itself from
/// a decoder that has nothing and writes down what it is asked for. So a schema can never differ from what is really read.
struct SchemaBook {
  /// One key of an object.
  struct Field: Sendable {
    /// As it is written in JSON.
    var key: String
    var isOptional: Bool
    var schema: JSONValue
  }

  /// Schemas of objects, by name, for `#/components/schemas/`.
  private(set) var objects: [String: JSONValue] = [:]

  /// The schema of a type: a reference where it is an object.
  /// - Parameter isClosed: it takes no key that is not named.
  mutating func reference(to type: any Decodable.Type, isClosed: Bool = false) -> JSONValue {
    let recorder = Recorder()
    return recorder.schema(of: type) { name, fields in
      objects[name] = Self.object(name, fields, isClosed: isClosed)
    }
  }

  /// The keys of an object's type, in the order in which it reads them.
  static func fields(of type: any Decodable.Type) -> [Field] {
    var found: [Field] = []
    let wanted = name(of: type)
    _ = Recorder().schema(of: type) { name, fields in if name == wanted { found = fields } }
    return found
  }

  /// `ControlAPI.RunDocument.Counts` is `RunDocumentCounts`.
  static func name(of type: any Any.Type) -> String {
    String(reflecting: type).split(separator: ".").dropFirst().joined()
  }

  /// A key as `ControlJSON` writes it.
  static func snakeCase(_ key: String) -> String {
    struct OneKey: Encodable {
      struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
      }
      var key: String
      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(0, forKey: Key(key))
      }
    }
    do {
      let text = String(decoding: try ControlJSON.encoder.encode(OneKey(key: key)), as: UTF8.self)
      return String(text.dropFirst(2).prefix { $0 != "\"" })
    } catch {
      return key  // one key with a number is always JSON
    }
  }

  private static func object(_ name: String, _ fields: [Field], isClosed: Bool) -> JSONValue {
    var properties: [String: JSONValue] = [:]
    for field in fields { properties[field.key] = SchemaNotes.apply(to: field.schema, of: name, key: field.key) }
    var schema: [String: JSONValue] = ["type": "object", "properties": .object(properties)]
    let required = fields.filter { !$0.isOptional }.map { JSONValue.string($0.key) }
    if !required.isEmpty { schema["required"] = .array(required) }
    if isClosed { schema["additionalProperties"] = false }
    return .object(schema)
  }
}
