/// One item: a line as it was, or one JSON value.
struct CommandItem: Hashable, Sendable {
  /// An item's longest key, in the contract's count.
  static let maxKeyBytes = 1_024

  /// An item's longest line, in the contract's count.
  static let maxBytes = 256 * 1_024

  let bytes: [UInt8]

  /// Nil: the line is only text.
  let value: ItemValue?

  /// Throws `CommandError.item` when the line is no JSON but ought to be.
  init(_ bytes: [UInt8], isJSON: Bool) throws(CommandError) {
    self.bytes = bytes
    guard isJSON else {
      value = nil
      return
    }
    guard let value = ItemValue.parse(bytes) else {
      throw CommandError(.item, "is no JSON: \(String(decoding: bytes.prefix(80), as: UTF8.self))")
    }
    self.value = value
  }

  /// As an argument.
  var text: [UInt8] {
    guard case .text(let text) = value else { return bytes }
    return Array(text.utf8)
  }

  /// Unique for different items: the text, a field of the object, else its place. What does not fit is cut, and its hash put
  /// behind.
  func key(field: String?, place: Int) -> String {
    switch value {
    case nil, .text: return Self.fitting(text)
    case .object(let fields):
      let names = field.map { [$0] } ?? ["key", "id"]
      let named = names.lazy.compactMap { ItemValue.object(fields).at($0.split(separator: "."))?.argument }.first {
        !$0.isEmpty
      }
      return named.map { Self.fitting(Array($0.utf8)) } ?? "item-\(place)"
    default: return Self.fitting(bytes)
    }
  }

  private static func fitting(_ bytes: [UInt8]) -> String {
    if bytes.count <= maxKeyBytes, !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self), !text.isEmpty {
      return text
    }
    // FNV-1a; it tells keys apart, and is no protection.
    let hash = bytes.reduce(0xCBF2_9CE4_8422_2325) { (hash: UInt64, byte) in (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let text = String(decoding: bytes.prefix(200).map { $0 == 0 ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
    return "\(text)#\(String(hash, radix: 16))"
  }
}
