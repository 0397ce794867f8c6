import Glibc

/// A message as DATA carries it: a dot more before each line that begins with one. RFC 5321, 4.5.2.
enum DotStuffing {
  /// Ready for `.` CRLF behind it. nil for a message with a CR or LF of its own, or a NUL: somebody could take that for an end.
  static func stuff(_ octets: [UInt8]) -> [UInt8]? {
    guard !octets.isEmpty else { return nil }
    var out: [UInt8] = []
    let isClean = octets.withUnsafeBytes { source in
      guard first(0, in: source, from: 0) == nil else { return false }
      var copied = 0
      var line = 0
      while line < source.count {
        if source[line] == UInt8(ascii: ".") {
          if out.isEmpty { out.reserveCapacity(octets.count + 64) }
          out.append(contentsOf: source[copied..<line])
          out.append(UInt8(ascii: "."))
          copied = line
        }
        guard let end = first(13, in: source, from: line), first(10, in: source, from: line) == end + 1 else { return false }
        line = end + 2
      }
      if !out.isEmpty { out.append(contentsOf: source[copied...]) }
      return true
    }
    guard isClean else { return nil }
    return out.isEmpty ? octets : out
  }

  /// memchr(3), which looks at many octets at a time.
  private static func first(_ byte: Int32, in source: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let base = source.baseAddress, let found = memchr(base + start, byte, source.count - start) else { return nil }
    return UnsafeRawPointer(found) - base
  }
}
