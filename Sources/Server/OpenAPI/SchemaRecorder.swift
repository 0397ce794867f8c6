import JobModel

/// A type that is no object of its own and says which schema it has.
private protocol Shaped {
  static func shape(_ recorder: SchemaBook.Recorder, _ found: SchemaBook.Recorder.Found) -> JSONValue
  /// Any value of it.
  static var sample: Self { get }
}

extension SchemaBook {
  /// Lets types decode themselves, and writes down how.
  struct Recorder {
    /// Told of every object on the way, innermost first.
    typealias Found = (_ name: String, _ fields: [Field]) -> Void

    func schema(of type: any Decodable.Type, _ found: Found) -> JSONValue {
      if let shaped = type as? any Shaped.Type { return shaped.shape(self, found) }
      return record(type, found).schema
    }

    fileprivate func record<Value: Decodable>(_ type: Value.Type, _ found: Found) -> (schema: JSONValue, value: Value) {
      withoutActuallyEscaping(found) { found in
        let decoder = RecordingDecoder(recorder: self, found: found)
        let value: Value
        do {
          value = try Value(from: decoder)
        } catch {
          preconditionFailure("\(Value.self) does not decode itself key by key: \(error)")
        }
        let name = SchemaBook.name(of: type)
        found(name, decoder.fields)
        return (.object(["$ref": .string("#/components/schemas/\(name)")]), value)
      }
    }
  }
}

/// Says yes to everything, and remembers what it was asked.
private final class RecordingDecoder: Decoder {
  let recorder: SchemaBook.Recorder
  let found: SchemaBook.Recorder.Found
  var fields: [SchemaBook.Field] = []
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  init(recorder: SchemaBook.Recorder, found: @escaping SchemaBook.Recorder.Found) {
    self.recorder = recorder
    self.found = found
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(RecordingContainer<Key>(decoder: self))
  }
  func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw NotKeyed() }
  func singleValueContainer() throws -> any SingleValueDecodingContainer { throw NotKeyed() }
}

private struct NotKeyed: Error {}

private struct RecordingContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: RecordingDecoder
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { [] }

  init(decoder: RecordingDecoder) { self.decoder = decoder }

  func contains(_ key: Key) -> Bool { true }

  /// `decodeIfPresent` asks this first: the key may be left out.
  func decodeNil(forKey key: Key) throws -> Bool {
    decoder.fields.append(SchemaBook.Field(key: SchemaBook.snakeCase(key.stringValue), isOptional: true, schema: .null))
    return false
  }

  private func note(_ key: Key, _ schema: JSONValue) {
    let name = SchemaBook.snakeCase(key.stringValue)
    if let index = decoder.fields.firstIndex(where: { $0.key == name }) {
      decoder.fields[index].schema = schema
    } else {
      decoder.fields.append(SchemaBook.Field(key: name, isOptional: false, schema: schema))
    }
  }

  private func plain<Value>(_ key: Key, _ type: JSONValue, _ value: Value) -> Value {
    note(key, .object(["type": type]))
    return value
  }

  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { plain(key, "boolean", false) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { plain(key, "string", "") }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { plain(key, "number", 0) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { plain(key, "number", 0) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { plain(key, "integer", 0) }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { plain(key, "integer", 0) }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { plain(key, "integer", 0) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { plain(key, "integer", 0) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { plain(key, "integer", 0) }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { plain(key, "integer", 0) }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { plain(key, "integer", 0) }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { plain(key, "integer", 0) }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { plain(key, "integer", 0) }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { plain(key, "integer", 0) }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    if let shaped = type as? any Shaped.Type, let sample = shaped.sample as? Value {
      note(key, shaped.shape(decoder.recorder, decoder.found))
      return sample
    }
    let (schema, value) = decoder.recorder.record(type, decoder.found)
    note(key, schema)
    return value
  }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> { throw NotKeyed() }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw NotKeyed() }
  func superDecoder() throws -> any Decoder { throw NotKeyed() }
  func superDecoder(forKey key: Key) throws -> any Decoder { throw NotKeyed() }
}

extension Array: Shaped where Element: Decodable {
  fileprivate static func shape(_ recorder: SchemaBook.Recorder, _ found: SchemaBook.Recorder.Found) -> JSONValue {
    .object(["type": "array", "items": recorder.schema(of: Element.self, found)])
  }
  fileprivate static var sample: Self { [] }
}

extension Dictionary: Shaped where Key == String, Value: Decodable {
  fileprivate static func shape(_ recorder: SchemaBook.Recorder, _ found: SchemaBook.Recorder.Found) -> JSONValue {
    .object(["type": "object", "additionalProperties": recorder.schema(of: Value.self, found)])
  }
  fileprivate static var sample: Self { [:] }
}

extension JSONValue: Shaped {
  /// Any JSON.
  fileprivate static func shape(_ recorder: SchemaBook.Recorder, _ found: SchemaBook.Recorder.Found) -> JSONValue {
    .bool(true)
  }
  fileprivate static var sample: Self { .null }
}

extension String: Shaped {
  fileprivate static func shape(_ recorder: SchemaBook.Recorder, _ found: SchemaBook.Recorder.Found) -> JSONValue {
    .object(["type": "string"])
  }
  fileprivate static var sample: Self { "" }
}
