/// Writes small things to a file through a buffer.
struct ByteWriter: ~Copyable {
  private let file: SystemFile
  private let buffer: UnsafeMutableRawBufferPointer
  private var filled = 0
  private var flushed: Int64 = 0

  /// No single thing is longer.
  private static let capacity = 1 << 20

  init(_ file: SystemFile) {
    self.file = file
    buffer = .allocate(byteCount: Self.capacity, alignment: 16)
  }

  deinit { buffer.deallocate() }

  /// How many bytes were written.
  var count: Int64 { flushed + Int64(filled) }

  /// Makes room for so many bytes. Throws `system`.
  @inline(__always)
  mutating func reserve(_ count: Int) throws(RollupsError) {
    if buffer.count - filled < count { try flush() }
  }

  mutating func flush() throws(RollupsError) {
    try file.write(UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
    flushed += Int64(filled)
    filled = 0
  }

  /// Writes what is left and waits until all of it is on the disk. Throws `system`.
  mutating func finish() throws(RollupsError) {
    try flush()
    try file.sync()
  }

  // What follows needs room that was reserved.

  @inline(__always)
  mutating func put(byte: UInt8) {
    buffer.storeBytes(of: byte, toByteOffset: filled, as: UInt8.self)
    filled += 1
  }

  @inline(__always)
  mutating func put(word: UInt64) {
    buffer.storeBytes(of: word.littleEndian, toByteOffset: filled, as: UInt64.self)
    filled += 8
  }

  /// LEB128: seven bits a byte, the lowest first.
  @inline(__always)
  mutating func put(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      put(byte: UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    put(byte: UInt8(rest))
  }

  mutating func put(_ bytes: UnsafeRawBufferPointer) {
    UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyMemory(from: bytes)
    filled += bytes.count
  }

  /// Bytes of any number.
  mutating func write(_ bytes: [UInt8]) throws(RollupsError) {
    var done = 0
    while done < bytes.count {
      try reserve(min(bytes.count - done, Self.capacity / 2))
      let count = min(bytes.count - done, buffer.count - filled)
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      bytes.withUnsafeBytes { room.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[done..<(done + count)])) }
      filled += count
      done += count
    }
  }
}
