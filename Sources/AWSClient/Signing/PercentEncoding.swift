/// Percent-encoding as AWS signs it: everything but RFC 3986's unreserved characters, in upper-case hex.
package enum PercentEncoding {
  /// One query name or value, or one path segment.
  package static func encode(_ text: some StringProtocol) -> String { encode(text, keepsSlashes: false) }

  /// A path: slashes stay, also doubled ones.
  package static func encodePath(_ text: some StringProtocol) -> String { encode(text, keepsSlashes: true) }

  /// The reverse; `+` is a space where `plusIsSpace`. A `%` without two hex digits stands for itself. Bytes that are no
  /// UTF-8 become U+FFFD.
  package static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String {
    var text = String(text)
    return text.withUTF8 { input in
      guard input.contains(where: { $0 == UInt8(ascii: "%") || (plusIsSpace && $0 == UInt8(ascii: "+")) }) else {
        return String(decoding: input, as: UTF8.self)
      }
      var output: [UInt8] = []
      output.reserveCapacity(input.count)
      var index = 0
      while index < input.count {
        let byte = input[index]
        if byte == UInt8(ascii: "%"), index + 2 < input.count, let high = hexValue(input[index + 1]),
          let low = hexValue(input[index + 2])
        {
          output.append(high << 4 | low)
          index += 3
        } else {
          output.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
          index += 1
        }
      }
      return String(decoding: output, as: UTF8.self)
    }
  }

  private static func encode(_ text: some StringProtocol, keepsSlashes: Bool) -> String {
    var text = String(text)
    return text.withUTF8 { input in
      guard !input.allSatisfy({ isUnreserved($0) || (keepsSlashes && $0 == UInt8(ascii: "/")) }) else {
        return String(decoding: input, as: UTF8.self)
      }
      var output: [UInt8] = []
      output.reserveCapacity(input.count + 16)
      for byte in input {
        if isUnreserved(byte) || (keepsSlashes && byte == UInt8(ascii: "/")) {
          output.append(byte)
        } else {
          output.append(UInt8(ascii: "%"))
          output.append(upperHex[Int(byte >> 4)])
          output.append(upperHex[Int(byte & 15)])
        }
      }
      return String(decoding: output, as: UTF8.self)
    }
  }

  private static let upperHex = Array("0123456789ABCDEF".utf8)

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }

  private static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
