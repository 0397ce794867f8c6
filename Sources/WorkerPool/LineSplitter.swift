/// Cuts what a process prints into lines. A line longer than the limit is given in pieces: nothing is held for ever.
struct LineSplitter {
  private var pending: [UInt8] = []
  private static let maxLine = 8 * 1024

  mutating func append(_ bytes: UnsafeRawBufferPointer, _ line: (String) -> Void) {
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        flush(line)
      } else {
        pending.append(byte)
        if pending.count >= Self.maxLine { flush(line) }
      }
    }
  }

  /// Gives the last line when it did not end in a newline.
  mutating func flush(_ line: (String) -> Void) {
    guard !pending.isEmpty else { return }
    if pending.last == UInt8(ascii: "\r") { pending.removeLast() }
    line(String(decoding: pending, as: UTF8.self))
    pending.removeAll(keepingCapacity: true)
  }
}
