/// A message as DATA carries it: a dot more before each line that begins with one. RFC 5321, 4.5.2.
enum DotStuffing {
  /// Ready for `.` CRLF behind it. nil for a message with a CR or LF of its own, or a NUL: somebody could take that for an end.
  static func stuff(_ octets: [UInt8]) -> [UInt8]? {
    guard !octets.isEmpty else { return nil }
    var out: [UInt8] = []
    out.reserveCapacity(octets.count + 64)
    let isClean = octets.withUnsafeBufferPointer { source in
      var start = 0
      var index = 0
      while index < source.count {
        let byte = source[index]
        index += 1
        if byte == 0 || byte == 10 { return false }
        guard byte == 13 else { continue }
        guard index < source.count, source[index] == 10 else { return false }
        index += 1
        if source[start] == UInt8(ascii: ".") { out.append(UInt8(ascii: ".")) }
        out.append(contentsOf: UnsafeBufferPointer(rebasing: source[start..<index]))
        start = index
      }
      return start == source.count
    }
    return isClean ? out : nil
  }
}
