/// An item's payload as bytes, in the plugin's own format. With `Item == RawPayload` no JSON is read or written.
public struct RawPayload: Codable, Hashable, Sendable {
  public var bytes: [UInt8]

  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The UTF-8 bytes of `text`.
  public init(_ text: String) {
    self.bytes = Array(text.utf8)
  }

  /// The bytes as UTF-8 text; ill-formed sequences become U+FFFD.
  public var text: String { String(decoding: bytes, as: UTF8.self) }
}
