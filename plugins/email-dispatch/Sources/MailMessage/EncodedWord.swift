/// Encoded words: text that is not ASCII, in a header field. RFC 2047.
enum EncodedWord {
  /// The octets that stand for themselves in a Q word. In a phrase fewer do (RFC 2047, 5).
  private static func isPlain(_ byte: UInt8) -> Bool {
    Characters.isAlphanumeric(byte) || "!*+-/".utf8.contains(byte)
  }

  private static let prefixLength = "=?utf-8?q?".utf8.count
  private static let maxOctets = 75 - prefixLength - 2

  /// `text` as words of at most 75 octets, to stand beside each other with white space between them. Never splits a character.
  /// Whichever of Q and B is shorter. Empty for an empty text.
  static func words(_ text: String) -> [String] {
    let plain = text.utf8.count { isPlain($0) || $0 == UInt8(ascii: " ") }
    let quotedLength = plain + 3 * (text.utf8.count - plain)
    let isQuoted = quotedLength <= (text.utf8.count + 2) / 3 * 4
    var words: [String] = []
    var chunk: [UInt8] = []
    var length = 0
    func flush() {
      guard !chunk.isEmpty else { return }
      words.append(
        isQuoted ? "=?utf-8?q?\(quoted(chunk))?=" : "=?utf-8?b?\(String(decoding: Base64.encode(chunk), as: UTF8.self))?=")
      chunk.removeAll()
      length = 0
    }
    for scalar in text.unicodeScalars {
      let octets = Array(String(scalar).utf8)
      let next = isQuoted ? length + octets.reduce(0) { $0 + width($1) } : (chunk.count + octets.count + 2) / 3 * 4
      if next > maxOctets { flush() }
      chunk += octets
      length += octets.reduce(0) { $0 + width($1) }
    }
    flush()
    return words
  }

  private static func width(_ byte: UInt8) -> Int { isPlain(byte) || byte == UInt8(ascii: " ") ? 1 : 3 }

  private static func quoted(_ octets: [UInt8]) -> String {
    var out: [UInt8] = []
    for byte in octets {
      if byte == UInt8(ascii: " ") {
        out.append(UInt8(ascii: "_"))
      } else if isPlain(byte) {
        out.append(byte)
      } else {
        out += [UInt8(ascii: "="), Hex.upper(byte >> 4), Hex.upper(byte & 15)]
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}

/// Hexadecimal digits.
enum Hex {
  static func upper(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x37 + nibble }
}
