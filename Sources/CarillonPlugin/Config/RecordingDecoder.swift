import FoundationEssentials

/// A value decoded through a decoder that records the keys it asks for.
struct Recorded<Value: Decodable>: Decodable {
  let value: Value

  init(from decoder: any Decoder) throws {
    guard let record = decoder.userInfo[.keyRecord] as? KeyRecord, !Self.isOpaque else {
      value = try decoder.singleValueContainer().decode(Value.self)
      return
    }
    do {
      value = try Value(from: RecordingDecoder(base: decoder, record: record))
    } catch let error as DecodingError {
      throw Self.choiceError(decoder) ?? error
    }
  }

  /// Names what may be chosen, where the value is a text and the type a `CaseIterable` enum of texts; nil elsewhere.
  private static func choiceError(_ decoder: any Decoder) -> DecodingError? {
    func texts<Choice: CaseIterable>(_ type: Choice.Type) -> [String] {
      type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
    }
    guard let type = Value.self as? any CaseIterable.Type,
      let given = try? decoder.singleValueContainer().decode(String.self)  // another kind has an error of its own
    else { return nil }
    let choices = texts(type)
    guard !choices.isEmpty, !choices.contains(given) else { return nil }
    let near = Spelling.nearest(to: given, among: choices).map { "; is \"\($0)\" meant?" } ?? ""
    return .dataCorrupted(
      DecodingError.Context(
        codingPath: decoder.codingPath,
        debugDescription: "is \"\(given)\", and must be one of \(choices.joined(separator: ", "))\(near)"))
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
