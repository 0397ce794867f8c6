import FoundationEssentials

/// A value decoded through a decoder that records the keys it asks for.
struct Recorded<Value: Decodable>: Decodable {
  let value: Value

  init(from decoder: any Decoder) throws {
    guard let record = decoder.userInfo[.keyRecord] as? KeyRecord, !Self.isOpaque else {
      value = try decoder.singleValueContainer().decode(Value.self)
      return
    }
    value = try Value(from: RecordingDecoder(base: decoder, record: record))
  }

  /// Types that a JSON decoder reads by rules of its own, which it forgets when they are decoded through another decoder.
  private static var isOpaque: Bool {
    Value.self == Date.self || Value.self == URL.self || Value.self == Data.self
      || Value.self == Decimal.self
  }
}

/// A decoder that hands everything on and notes the keys.
struct RecordingDecoder: Decoder {
  let base: any Decoder
  let record: KeyRecord

  var codingPath: [any CodingKey] { base.codingPath }
  var userInfo: [CodingUserInfoKey: Any] { base.userInfo }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    let keyed = try base.container(keyedBy: type)
    let all = try base.container(keyedBy: AnyKey.self)
    return RecordingKeyed.wrap(keyed, all, record)
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    RecordingUnkeyed(base: try base.unkeyedContainer(), record: record)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    RecordingSingle(base: try base.singleValueContainer())
  }
}

/// A key of any text: lists what an object has, known or not.
struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) {
    self.stringValue = stringValue
  }

  init?(intValue: Int) { nil }
}
