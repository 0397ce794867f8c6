/// An object whose asked-for keys are noted.
struct RecordingKeyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
  private let base: KeyedDecodingContainer<Key>
  private let record: KeyRecord
  private let pointer: String

  static func wrap(
    _ base: KeyedDecodingContainer<Key>, _ all: KeyedDecodingContainer<AnyKey>, _ record: KeyRecord
  ) -> KeyedDecodingContainer<Key> {
    let pointer = JSONPointer.text(base.codingPath)
    record.open(pointer, present: all.allKeys.map(\.stringValue))
    return KeyedDecodingContainer(RecordingKeyed(base: base, record: record, pointer: pointer))
  }

  private func asked(_ key: Key) -> KeyedDecodingContainer<Key> {
    record.ask(pointer, key.stringValue)
    return base
  }

  var codingPath: [any CodingKey] { base.codingPath }
  var allKeys: [Key] { base.allKeys }

  func contains(_ key: Key) -> Bool { asked(key).contains(key) }
  func decodeNil(forKey key: Key) throws -> Bool { try asked(key).decodeNil(forKey: key) }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try asked(key).decode(Recorded<Value>.self, forKey: key).value
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    let nested = try asked(key).nestedContainer(keyedBy: type, forKey: key)
    let all = try base.nestedContainer(keyedBy: AnyKey.self, forKey: key)
    return RecordingKeyed<Nested>.wrap(nested, all, record)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    RecordingUnkeyed(base: try asked(key).nestedUnkeyedContainer(forKey: key), record: record)
  }

  func superDecoder() throws -> any Decoder {
    record.ask(pointer, "super")
    return RecordingDecoder(base: try base.superDecoder(), record: record)
  }

  func superDecoder(forKey key: Key) throws -> any Decoder {
    RecordingDecoder(base: try asked(key).superDecoder(forKey: key), record: record)
  }

  // The protocol asks for each primitive type by name.
  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try asked(key).decode(type, forKey: key) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try asked(key).decode(type, forKey: key) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try asked(key).decode(type, forKey: key) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try asked(key).decode(type, forKey: key) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try asked(key).decode(type, forKey: key) }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try asked(key).decode(type, forKey: key) }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try asked(key).decode(type, forKey: key) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try asked(key).decode(type, forKey: key) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try asked(key).decode(type, forKey: key) }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try asked(key).decode(type, forKey: key) }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try asked(key).decode(type, forKey: key) }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try asked(key).decode(type, forKey: key) }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try asked(key).decode(type, forKey: key) }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try asked(key).decode(type, forKey: key) }
}
