/// Quoted-printable: text that is mostly ASCII, in lines of at most 76. RFC 2045, 6.7.
enum QuotedPrintable {
  /// Stand for themselves but for some places: at a line's beginning, and white space at its end.
  private static let plain: [Bool] = (0..<256).map { $0 >= 0x20 && $0 < 0x7f && $0 != 0x3d || $0 == 9 }

  /// Encodes text whose lines end in CRLF. What would be trouble at the beginning of a line ("From ", a dot) is encoded too.
  static func encode(_ text: [UInt8], into out: inout [UInt8]) {
    out.reserveCapacity(out.count + text.count + text.count / 8)
    text.withUnsafeBufferPointer { text in
      plain.withUnsafeBufferPointer { plain in
        var start = 0
        while start < text.count {
          var end = start
          while end < text.count, text[end] != 13 { end += 1 }
          encode(line: UnsafeBufferPointer(rebasing: text[start..<end]), plain, into: &out)
          guard end < text.count else { return }
          out.append(13)
          out.append(10)
          start = end + 2
        }
      }
    }
  }

  private static func encode(line: UnsafeBufferPointer<UInt8>, _ plain: UnsafeBufferPointer<Bool>, into out: inout [UInt8]) {
    var column = 0
    var index = 0
    while index < line.count {
      // At most 75, so that there is room for the `=` of a soft break; 76 where the line ends.
      let room = (line.count - index <= 76 - column ? 76 : 75) - column
      var run = 0
      if isPlain(line, index, column, plain) {
        let limit = min(room, line.count - index)
        while run < limit, plain[Int(line[index + run])] { run += 1 }
        if index + run == line.count, isWhite(line[line.count - 1]) { run -= 1 }
      }
      if run > 0 {
        out.append(contentsOf: UnsafeBufferPointer(rebasing: line[index..<index + run]))
        index += run
        column += run
      }
      guard index < line.count else { return }
      let isLast = index + 1 == line.count
      if isPlain(line, index, column, plain) || column + 3 > (isLast ? 76 : 75) {
        out.append(UInt8(ascii: "="))
        out.append(13)
        out.append(10)
        column = 0
        continue
      }
      out.append(UInt8(ascii: "="))
      out.append(Hex.upper(line[index] >> 4))
      out.append(Hex.upper(line[index] & 15))
      column += 3
      index += 1
    }
  }

  private static func isWhite(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 9 }

  private static func isPlain(
    _ line: UnsafeBufferPointer<UInt8>, _ index: Int, _ column: Int, _ plain: UnsafeBufferPointer<Bool>
  ) -> Bool {
    let byte = line[index]
    if isWhite(byte) { return index + 1 < line.count }
    if column == 0 {
      if byte == UInt8(ascii: ".") { return false }
      if byte == UInt8(ascii: "F") { return !line[index...].starts(with: "From ".utf8) }
    }
    return plain[Int(byte)]
  }
}
