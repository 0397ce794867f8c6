/// The public name of a run: `20261123T074512-x7kq2m`, its start in UTC and thirty random bits. Unique in the world for all
/// that matters, sorts by time, can be typed. `id/item key` is the idempotency key of every attempt of that item.
package struct RunID: Hashable, Sendable, Codable, CustomStringConvertible {
  package let text: String

  /// An id that was made before. Any text is taken: ids of other installations may look different.
  package init(_ text: String) { self.text = text }

  /// A new id for a run that begins at `start`.
  package init(start: Timestamp, using generator: inout some RandomNumberGenerator) {
    let alphabet = Array("abcdefghjkmnpqrstvwxyz0123456789".utf8)
    var suffix: [UInt8] = []
    for _ in 0..<6 { suffix.append(alphabet[Int.random(in: 0..<32, using: &generator)]) }
    let date = start.civilUTC
    text =
      "\(Self.pad(date.year, 4))\(Self.pad(date.month))\(Self.pad(date.day))T\(Self.pad(date.hour))"
      + "\(Self.pad(date.minute))\(Self.pad(date.second))-\(String(decoding: suffix, as: UTF8.self))"
  }

  package var description: String { text }

  package init(from decoder: any Decoder) throws {
    text = try decoder.singleValueContainer().decode(String.self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }

  private static func pad(_ number: Int, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
