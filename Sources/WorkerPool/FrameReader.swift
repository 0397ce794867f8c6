import CCarillonFrames

/// Cuts a stream of bytes from a host into frames. Treats every byte as hostile: a header is judged before anything of its
/// body is stored, and no more than one frame's body is ever held.
package struct FrameReader: ~Copyable {
  /// A header and where its body stands in the reader's buffer.
  package struct Frame {
    package var type: UInt32
    package var isCritical: Bool
    package var id: UInt64
    package var body: Range<Int>
  }

  /// What is wrong with a stream. It cannot be read on from there.
  package struct Violation: Error, CustomStringConvertible {
    package var description: String
    package init(_ description: String) { self.description = description }
  }

  private var buffer: [UInt8] = []
  private var start = 0

  package init() {}

  /// Bytes that were received and belong to no whole frame yet.
  package var pendingCount: Int { buffer.count - start }

  /// Adds received bytes.
  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    if start > 0 {
      // What was consumed leaves before the buffer grows: it never exceeds one frame and one read.
      buffer.removeSubrange(0..<start)
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// The next whole frame, or nil when more bytes are needed.
  package mutating func next() throws(Violation) -> Frame? {
    let header = Int(CARILLON_FRAME_HEADER)
    guard buffer.count - start >= header else { return nil }
    let (magic, type, flags, length, zero, id) = buffer.withUnsafeBytes { bytes in
      // The bounds were checked above: the header's 24 bytes are there.
      (
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self)),
        UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt16.self)),
        UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 6, as: UInt16.self)),
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 8, as: UInt32.self)),
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 12, as: UInt32.self)),
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start + 16, as: UInt64.self))
      )
    }
    guard magic == CARILLON_FRAME_MAGIC else { throw Violation("a frame began with wrong bytes") }
    guard zero == 0 else { throw Violation("a frame's reserved field was not zero") }
    guard length <= CARILLON_FRAME_MAX_BODY else { throw Violation("a frame announced \(length) bytes") }
    guard buffer.count - start - header >= Int(length) else { return nil }
    let body = (start + header)..<(start + header + Int(length))
    start = body.upperBound
    return Frame(type: UInt32(type), isCritical: UInt32(flags) & CARILLON_FRAME_CRITICAL != 0, id: id, body: body)
  }

  /// Reads a frame's body; valid until the next `append`.
  package func withBody<Result>(
    of frame: Frame, _ read: (UnsafeRawBufferPointer) throws(Violation) -> Result
  ) throws(Violation) -> Result {
    try buffer.withUnsafeBufferPointer { (bytes) throws(Violation) -> Result in
      try read(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[frame.body]))
    }
  }
}
