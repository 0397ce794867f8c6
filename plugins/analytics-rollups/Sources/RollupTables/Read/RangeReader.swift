import Glibc

/// Which bytes of a file are read: a line belongs to the range in which its first byte is.
package struct ByteSpan: Hashable, Sendable {
  /// Of a plain file. The first range begins at 0.
  package var start: Int64
  /// Nil: to the end.
  package var end: Int64?

  package init(start: Int64 = 0, end: Int64? = nil) {
    self.start = start
    self.end = end
  }
}

/// Takes the lines of a range one after the other.
struct RangeReader {
  static let bufferBytes = 4 << 20
  /// The parser looks at a word at a time.
  private static let padding = 16

  /// Where the range's first line begins, and where its last one ends.
  private(set) var firstByte: Int64 = 0
  private(set) var contentHash = ""

  /// `take` gets a line that ends with a newline, and its place in the unpacked file; it says where the newline is. `takeLong` gets
  /// the place of each line that is far too long to be kept. `base`: the file's first byte stands for this one (a part of an
  /// object that was fetched).
  mutating func read(
    _ file: SystemFile, _ span: ByteSpan, packing: Packing?, base: Int64 = 0,
    take: (LineParser.Bytes, Int64) throws -> LineParser.Bytes, takeLong: (Int64) throws -> Void
  ) throws {
    let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: Self.bufferBytes + Self.padding)
    defer { buffer.deallocate() }
    (buffer + Self.bufferBytes).update(repeating: 0x0A, count: Self.padding)
    let hash = try RunningHash()
    // The byte before the range tells whether its first line begins there.
    var place = packing == nil && span.start > 0 ? span.start - 1 : 0
    var source =
      try packing.map { packing throws(RollupsError) in try RangeSource(file, packing: packing) }
      ?? RangeSource(file, from: place - base)
    var isSkipping = place < span.start
    firstByte = span.start
    var filled = 0
    var isAtEnd = false
    while !isAtEnd {
      let room = UnsafeMutableRawBufferPointer(start: buffer + filled, count: Self.bufferBytes - filled)
      let count = try source.read(into: room)
      filled += count
      if count < room.count {
        isAtEnd = true
        if filled > 0, buffer[filled - 1] != 0x0A {
          buffer[filled] = 0x0A
          filled += 1
        }
      }
      guard let last = Newline.last(in: buffer, count: filled) else {
        if isAtEnd { break }
        // No end of a line in all of it: it is dropped up to the next.
        if !isSkipping { try takeLong(place) }
        isSkipping = true
        place += Int64(filled)
        filled = 0
        continue
      }
      let end = last + 1
      var at = UnsafePointer(buffer)
      if isSkipping, let first = memchr(at, 0x0A, end - at) {
        at = UnsafePointer(first.assumingMemoryBound(to: UInt8.self)) + 1
        isSkipping = false
        if place < span.start { firstByte = place + Int64(at - UnsafePointer(buffer)) }
      }
      let begin = at
      let origin = place
      let stop = span.end.map { Int($0 - origin) } ?? .max
      while at < end, at - UnsafePointer(buffer) < stop {
        at = try take(at, origin + Int64(at - UnsafePointer(buffer))) + 1
      }
      hash.add(UnsafeRawBufferPointer(start: begin, count: at - begin))
      if at < end { break }
      let taken = end - UnsafePointer(buffer)
      memmove(buffer, buffer + taken, filled - taken)
      filled -= taken
      place += Int64(taken)
      if let limit = span.end, place >= limit { break }
    }
    contentHash = source.packedHex ?? hash.hex
  }

  /// The hash of a range's contents, without a look at its lines.
  static func contentHash(of file: SystemFile, _ span: ByteSpan, packing: Packing?, base: Int64 = 0) throws -> String {
    var reader = RangeReader()
    guard packing != nil else {
      try reader.read(
        file, span, packing: nil, base: base,
        take: { start, _ in Newline.first(from: start) }, takeLong: { _ in })
      return reader.contentHash
    }
    let hash = try RunningHash()
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { room.deallocate() }
    var place: Int64 = 0
    while true {
      let count = try file.read(into: room, at: place)
      if count == 0 { return hash.hex }
      hash.add(UnsafeRawBufferPointer(rebasing: room[..<count]))
      place += Int64(count)
    }
  }
}
