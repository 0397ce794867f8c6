/// What one must know of a text to choose how it travels.
struct TextSurvey {
  var isASCII = true
  var hasNUL = false

  /// No line above 78, none that ends in white space, none that somebody on the way would change or take for a boundary, no controls.
  var travelsAsItIs = true

  /// About, in quoted-printable.
  var quotedLength = 0

  /// The text with CRLF wherever a line ends, and at its end.
  static func canonical(_ text: String) -> ([UInt8], TextSurvey) {
    var out: [UInt8] = []
    var survey = TextSurvey()
    var text = text
    text.withUTF8 { text in
      out.reserveCapacity(text.count + text.count / 32 + 2)
      var start = 0
      while start < text.count {
        var end = start
        while end < text.count, text[end] != 10, text[end] != 13 { end += 1 }
        let line = UnsafeBufferPointer(rebasing: text[start..<end])
        survey.add(line)
        out.append(contentsOf: line)
        out.append(13)
        out.append(10)
        start = end + (end + 1 < text.count && text[end] == 13 && text[end + 1] == 10 ? 2 : 1)
      }
    }
    return (out, survey)
  }

  private mutating func add(_ line: UnsafeBufferPointer<UInt8>) {
    var all: UInt8 = 0
    var special = 0
    for byte in line {
      all |= byte
      if byte >= 0x7f || byte == UInt8(ascii: "=") { special += 1 }
      if byte < 0x20 {
        if byte == 0 { hasNUL = true }
        if byte != 9 { travelsAsItIs = false }
      }
    }
    quotedLength += line.count + 2 + 2 * special
    if all >= 0x80 { isASCII = false }
    let last = line.last
    if special > 0 && line.contains(0x7f) || all >= 0x80 || line.count > 78 || last == 0x20 || last == 9 {
      travelsAsItIs = false
    }
    switch line.first {
    case UInt8(ascii: "F") where line.starts(with: "From ".utf8): travelsAsItIs = false
    case UInt8(ascii: ".") where line.count == 1: travelsAsItIs = false
    case UInt8(ascii: "-") where line.starts(with: "--=_".utf8): travelsAsItIs = false
    default: break
    }
  }
}
