/// Quoted-printable: text that is mostly ASCII, in lines of at most 76. RFC 2045, 6.7.
enum QuotedPrintable {
  /// Encodes text whose lines end in CRLF. What would be trouble at the beginning of a line ("From ", a lone dot) is encoded too.
  static func encode(_ text: [UInt8], into out: inout [UInt8]) {
    out.reserveCapacity(out.count + text.count + text.count / 8)
    var column = 0
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte == 13, index + 1 < text.count, text[index + 1] == 10 {
        out += [13, 10]
        column = 0
        index += 2
        continue
      }
      let endsLine = index + 1 == text.count || text[index + 1] == 13
      let isPlain: Bool
      switch byte {
      case 0x20, 0x09: isPlain = !endsLine
      case UInt8(ascii: "="): isPlain = false
      case UInt8(ascii: "F"): isPlain = column != 0 || !beginsFrom(text, at: index)
      case UInt8(ascii: "."): isPlain = column != 0
      default: isPlain = byte > 0x20 && byte < 0x7f
      }
      if column + (isPlain ? 1 : 3) > (endsLine ? 76 : 75) {
        out += [UInt8(ascii: "="), 13, 10]
        column = 0
        // The octet begins a line now, and is looked at as such.
        continue
      }
      if isPlain {
        out.append(byte)
        column += 1
      } else {
        out += [UInt8(ascii: "="), Hex.upper(byte >> 4), Hex.upper(byte & 15)]
        column += 3
      }
      index += 1
    }
  }

  private static func beginsFrom(_ text: [UInt8], at index: Int) -> Bool {
    text[index...].starts(with: "From ".utf8)
  }
}
