import CRollups

/// The bytes of an input in order, unpacked where they are packed.
struct RangeSource {
  private let file: SystemFile
  /// Where the next byte of the file is.
  private var offset: Int64
  private var unpacker: Unpacker?
  /// Of a packed file as it lies on the disk.
  private var packedHash: RunningHash?

  /// Plain bytes from `offset` on.
  init(_ file: SystemFile, from offset: Int64) {
    self.file = file
    self.offset = offset
  }

  /// A whole packed file. Throws `system`.
  init(_ file: SystemFile, packing: Packing) throws(RollupsError) {
    self.file = file
    offset = 0
    unpacker = try Unpacker(packing)
    packedHash = try RunningHash()
  }

  /// Nil for plain bytes.
  var packedHex: String? { packedHash?.hex }

  /// Fills `room` or what is left; 0 at the end. Throws `unreadable` for damaged packing, `system`.
  mutating func read(into room: UnsafeMutableRawBufferPointer) throws(RollupsError) -> Int {
    guard let unpacker else {
      let count = try file.read(into: room, at: offset)
      offset += Int64(count)
      return count
    }
    return try unpacker.read(into: room) { packed throws(RollupsError) in
      let count = try file.read(into: packed, at: offset)
      packedHash?.add(UnsafeRawBufferPointer(rebasing: packed[..<count]))
      offset += Int64(count)
      return count
    }
  }
}

/// How a file is packed, by its name.
package enum Packing: Hashable, Sendable {
  case gzip
  case zstd

  /// Nil: not packed.
  package init?(name: String) {
    if name.hasSuffix(".gz") {
      self = .gzip
    } else if name.hasSuffix(".zst") {
      self = .zstd
    } else {
      return nil
    }
  }
}

/// gzip (RFC 1952) or zstd (RFC 8878), members one behind the other included.
private final class Unpacker {
  private let packing: Packing
  private let state: OpaquePointer
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
  private var waiting: Range<Int> = 0..<0
  /// The packed bytes read so far end a member.
  private var isWhole = true
  private var isAtEnd = false

  init(_ packing: Packing) throws(RollupsError) {
    self.packing = packing
    guard let state = rollups_unpacker_new(packing == .zstd ? 1 : 0) else {
      throw RollupsError(.system, "no memory is left to unpack a file")
    }
    self.state = state
  }

  deinit {
    rollups_unpacker_free(state)
    buffer.deallocate()
  }

  func read(
    into room: UnsafeMutableRawBufferPointer,
    more: (UnsafeMutableRawBufferPointer) throws(RollupsError) -> Int
  ) throws(RollupsError) -> Int {
    var filled = 0
    while filled < room.count {
      if waiting.isEmpty, !isAtEnd {
        let count = try more(buffer)
        waiting = 0..<count
        isAtEnd = count == 0
      }
      if isAtEnd, isWhole { break }
      var taken = waiting.count
      var given = room.count - filled
      let status = rollups_unpack(
        state, buffer.baseAddress! + waiting.lowerBound, &taken, room.baseAddress! + filled, &given)
      guard status != ROLLUPS_DAMAGED else {
        throw RollupsError(.unreadable, "it is not what its name says: damaged \(packing)")
      }
      waiting = (waiting.lowerBound + taken)..<waiting.upperBound
      filled += given
      isWhole = status == ROLLUPS_END
      if isAtEnd, !isWhole, given == 0 { throw RollupsError(.unreadable, "it ends in the middle: cut \(packing)") }
    }
    return filled
  }
}
