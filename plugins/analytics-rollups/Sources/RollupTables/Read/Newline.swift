import Glibc

enum Newline {
  /// The first from `start` on. There has to be one.
  static func first(from start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
    guard let found = memchr(start, 0x0A, .max) else { preconditionFailure("a newline ends every line that is read") }
    return UnsafePointer(found.assumingMemoryBound(to: UInt8.self))
  }

  /// The last of `count` bytes.
  static func last(in start: UnsafePointer<UInt8>, count: Int) -> UnsafePointer<UInt8>? {
    var index = count - 1
    while index >= 0, start[index] != 0x0A { index -= 1 }
    return index < 0 ? nil : start + index
  }
}
