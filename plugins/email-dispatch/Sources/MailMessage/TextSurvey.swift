import Glibc

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
      out.reserveCapacity(text.count + text.count / 32 + 64)
      var start = 0
      var feed = -1
      while start < text.count {
        if feed < start { feed = first(10, in: text[start...]) ?? text.count }
        let end = first(13, in: text[start..<feed]) ?? feed
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

  /// memchr(3), which looks at many octets at a time.
  private static func first(_ byte: Int32, in text: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    guard let base = text.base.baseAddress, let found = memchr(base + text.startIndex, byte, text.count) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }

  private mutating func add(_ line: UnsafeBufferPointer<UInt8>) {
    var all: UInt8 = 0
    var special = 0
    var controls = 0
    // Without branches it takes several octets at a time.
    for byte in line {
      all |= byte
      special &+= byte >= 0x7f || byte == UInt8(ascii: "=") ? 1 : 0
      controls &+= byte < 0x20 && byte != 9 ? 1 : 0
    }
    if controls > 0 {
      travelsAsItIs = false
      hasNUL = hasNUL || line.contains(0)
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
