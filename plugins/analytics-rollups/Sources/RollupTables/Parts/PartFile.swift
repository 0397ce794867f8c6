import FoundationEssentials

/// A part that is read.
package struct PartFile: Sendable {
  package let path: String
  package let facts: PartFacts
  /// Bytes.
  let runsEnd: Int64

  /// Nil when there is none, or one of another format. Throws `invalid` for a damaged one.
  package init?(_ path: String) throws {
    guard let file = try SystemFile.open(path) else { return nil }
    try self.init(file)
  }

  init?(_ file: SystemFile) throws {
    let damaged = RollupsError(
      .invalid, "\(file.path) is damaged; delete it, and the next run reads its input again")
    let size = try file.stamp().size
    guard size >= 16 else { throw damaged }
    let tail = try Self.bytes(file, at: size - 16, count: 16)
    let (length, magic) = tail.withUnsafeBytes {
      (
        UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)),
        UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      )
    }
    guard magic == PartWriter.magic, length <= UInt64(size - 16) else { throw damaged }
    runsEnd = size - 16 - Int64(length)
    let json = try Self.bytes(file, at: runsEnd, count: Int(length))
    path = file.path
    struct Format: Decodable { var format: Int }
    do {
      guard try JSONDecoder().decode(Format.self, from: Data(json)).format == PartFacts.format else { return nil }
      facts = try JSONDecoder().decode(PartFacts.self, from: Data(json))
    } catch { throw damaged }
  }

  private static func bytes(_ file: SystemFile, at offset: Int64, count: Int) throws(RollupsError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var read = 0
    var failure: RollupsError?
    bytes.withUnsafeMutableBytes { room in
      do throws(RollupsError) { read = try file.read(into: room, at: offset) } catch { failure = error }
    }
    if let failure { throw failure }
    guard read == count else { throw RollupsError(.invalid, "\(file.path) is damaged: it is shorter than it says") }
    return bytes
  }

  /// The same part for an input that was found unchanged, but for its stamp.
  func restamp(_ stamp: Stamp, through temporary: String) throws {
    guard let file = try SystemFile.open(path) else { return }
    var writer = ByteWriter(try SystemFile.createLocked(temporary))
    var facts = facts
    facts.stamp = stamp
    var place: Int64 = 0
    while place < runsEnd {
      let piece = try Self.bytes(file, at: place, count: Int(min(1 << 19, runsEnd - place)))
      try writer.write(piece)
      place += Int64(piece.count)
    }
    try writer.end(facts)
    try SystemFile.move(temporary, over: path)
  }
}

extension ByteWriter {
  /// Ends a part: its facts, their length, the magic word; all of it is on the disk then. Throws `system`.
  mutating func end(_ facts: PartFacts) throws {
    let json = Array(try JSONEncoder().encode(facts))
    try write(json)
    try reserve(16)
    put(word: UInt64(json.count))
    put(word: PartWriter.magic)
    try finish()
  }
}
