import JobModel

/// Takes the fields of a frame's body, in order. Every length is checked against what is left before it is believed.
struct BodyReader {
  private let bytes: UnsafeRawBufferPointer
  private(set) var offset = 0

  /// `bytes` must outlive the reader, which therefore never leaves the closure that lent them.
  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var remaining: Int { bytes.count - offset }

  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(FrameReader.Violation) -> Value {
    guard remaining >= MemoryLayout<Value>.size else { throw .init("a frame's body was cut short") }
    defer { offset += MemoryLayout<Value>.size }
    return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
  }

  /// Steps over `count` bytes and says where they stood.
  mutating func range(_ count: UInt32, atMost limit: Int, _ what: StaticString) throws(FrameReader.Violation) -> ByteRange {
    guard count <= limit else { throw .init("\(what) of \(count) bytes exceeds the limit of \(limit)") }
    guard Int(count) <= remaining else { throw .init("a frame's body was cut short") }
    defer { offset += Int(count) }
    return ByteRange(offset: offset, count: Int(count))
  }

  /// A `str` of text. Bytes that are not UTF-8 are replaced, as they may come from a plugin's own words.
  mutating func text(atMost limit: Int, _ what: StaticString) throws(FrameReader.Violation) -> String {
    let range = try range(integer(UInt32.self), atMost: limit, what)
    return String(decoding: bytes[range.range], as: UTF8.self)
  }

  /// A `str` of bytes.
  mutating func data(atMost limit: Int, _ what: StaticString) throws(FrameReader.Violation) -> [UInt8] {
    let range = try range(integer(UInt32.self), atMost: limit, what)
    return [UInt8](bytes[range.range])
  }

  /// A key must be text that people and SQLite can hold: UTF-8, no NUL byte, not empty.
  func requireKey(_ range: ByteRange) throws(FrameReader.Violation) {
    guard range.count > 0 else { throw .init("an item's key was empty") }
    var isASCII = true
    for byte in bytes[range.range] {
      if byte == 0 { throw .init("an item's key held a NUL byte") }
      if byte >= 0x80 { isASCII = false }
    }
    if !isASCII { try requireText(range, "an item's key") }
  }

  /// The range itself when it is UTF-8; else a repaired copy, appended to `arena`, which begins with this body. A plugin's own
  /// words may hold anything (a file name in Latin-1), and that is no reason to end it.
  func repaired(_ range: ByteRange, into arena: inout [UInt8]) -> ByteRange {
    let slice = bytes[range.range]
    guard slice.contains(where: { $0 >= 0x80 }), String(validating: slice, as: UTF8.self) == nil else { return range }
    let copy = Array(String(decoding: slice, as: UTF8.self).utf8)
    defer { arena.append(contentsOf: copy) }
    return ByteRange(offset: arena.count, count: copy.count)
  }

  /// Throws unless the bytes are UTF-8.
  func requireText(_ range: ByteRange, _ what: StaticString) throws(FrameReader.Violation) {
    guard bytes[range.range].contains(where: { $0 >= 0x80 }) else { return }
    guard String(validating: bytes[range.range], as: UTF8.self) != nil else { throw .init("\(what) was not UTF-8") }
  }

  func finish() throws(FrameReader.Violation) {
    guard remaining == 0 else { throw .init("a frame's body had \(remaining) bytes too many") }
  }
}
