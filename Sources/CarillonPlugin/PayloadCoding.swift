/// An item that writes and reads its payload itself. Other items go through `JSONEncoder` and `JSONDecoder`, which take some
/// microseconds for each member.
///
/// People see payloads, and change them with `carillon retry --edit`: JSON serves them best.
public protocol PayloadCoding: Codable {
  /// `payload` is lent for the call. What is thrown fails the item for good.
  init(payload: UnsafeRawBufferPointer) throws

  /// Appends the payload, at most 256 KiB.
  func writePayload(to bytes: inout [UInt8]) throws
}

extension PayloadCoding {
  /// Within another document, where it stands as its payload's text.
  public init(from decoder: any Decoder) throws {
    var text = try decoder.singleValueContainer().decode(String.self)
    self = try text.withUTF8 { try Self(payload: UnsafeRawBufferPointer($0)) }
  }

  public func encode(to encoder: any Encoder) throws {
    var bytes: [UInt8] = []
    try writePayload(to: &bytes)
    var single = encoder.singleValueContainer()
    try single.encode(String(decoding: bytes, as: UTF8.self))
  }
}

/// An item's payload as bytes, in the plugin's own format. With `Item == RawPayload` no JSON is read or written.
public struct RawPayload: PayloadCoding, Hashable, Sendable {
  public var bytes: [UInt8]

  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The UTF-8 bytes of `text`.
  public init(_ text: String) {
    self.bytes = Array(text.utf8)
  }

  public init(payload: UnsafeRawBufferPointer) { bytes = Array(payload) }

  public func writePayload(to bytes: inout [UInt8]) { bytes += self.bytes }

  /// The bytes as UTF-8 text; ill-formed sequences become U+FFFD.
  public var text: String { String(decoding: bytes, as: UTF8.self) }
}
