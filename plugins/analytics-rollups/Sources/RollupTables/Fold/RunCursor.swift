/// Reads one run of a part, user by user.
final class RunCursor {
  private let file: SystemFile
  private let buffer: UnsafeMutableRawBufferPointer
  private let types: [UInt32]
  private let countries: [UInt32]
  /// What of the buffer is not read yet, and where in the file its end is.
  private var at = 0
  private var filled = 0
  private var place: Int64
  private let end: Int64

  /// The next user; its place in the buffer.
  private var nameStart = 0
  private var nameCount = 0
  private var eventCount = 0

  /// The longest thing that is read at once.
  private static let maxBytes = 65_535 + 128
  /// What a reader of a run takes, at least.
  static let minBufferBytes = 2 * maxBytes

  init(_ file: SystemFile, _ run: RunFacts, _ numbers: (types: [UInt32], countries: [UInt32]), bufferBytes: Int) {
    self.file = file
    (types, countries) = numbers
    place = run.start
    end = run.end
    buffer = .allocate(byteCount: max(bufferBytes, Self.minBufferBytes), alignment: 16)
  }

  deinit { buffer.deallocate() }

  /// Until the next `advance` or `take`.
  var name: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[nameStart..<(nameStart + nameCount)]) }

  /// Goes to the next user; false at the end. Throws `invalid`, `system`.
  func advance() throws(RollupsError) -> Bool {
    try need(32)
    if at == filled { return false }
    let count = Int(varint())
    guard count <= EventBatch.maxNameBytes else { throw damaged }
    try need(count + 16)
    guard filled - at >= count else { throw damaged }
    nameStart = at
    nameCount = count
    at += count
    eventCount = Int(varint())
    return true
  }

  /// Adds the user's events to `events`, the ids of purchases to `idTexts`.
  func take(into events: inout [Event], _ idTexts: inout [UInt8]) throws(RollupsError) {
    var atUs: Int64 = 0
    var session: UInt64 = 0
    var country: UInt32 = 0
    events.reserveCapacity(events.count + eventCount)
    for _ in 0..<eventCount {
      try need(Self.maxBytes)
      guard filled > at else { throw damaged }
      atUs += Int64(bitPattern: varint())
      let type = Int(varint())
      let flags = byte()
      var event = Event(
        atUs: atUs, idHigh: word(), idLow: word(), session: 0, cents: 0, type: 0, country: 0, user: 0, idText: 0)
      guard type < types.count else { throw damaged }
      event.type = types[type]
      if flags & PartWriter.Flag.cents != 0 { event.cents = Int64(bitPattern: word()) }
      if flags & PartWriter.Flag.newSession != 0 { session = word() }
      if flags & (PartWriter.Flag.newSession | PartWriter.Flag.sameSession) != 0 { event.session = session }
      if flags & PartWriter.Flag.newCountry != 0 {
        let number = Int(varint())
        guard number < countries.count else { throw damaged }
        country = countries[number]
      }
      if flags & (PartWriter.Flag.newCountry | PartWriter.Flag.sameCountry) != 0 { event.country = country }
      if flags & PartWriter.Flag.idText != 0 {
        let count = Int(varint())
        guard count <= 65_535, count <= filled - at else { throw damaged }
        event.idText = UInt32(idTexts.count) + 1
        idTexts.append(UInt8(count & 0xFF))
        idTexts.append(UInt8(count >> 8))
        idTexts.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[at..<(at + count)]))
        at += count
      }
      guard at <= filled else { throw damaged }
      events.append(event)
    }
  }

  private var damaged: RollupsError {
    RollupsError(.invalid, "\(file.path) is damaged; delete it, and the next run reads its input again")
  }

  /// Has so many bytes in the buffer, or all that are left.
  @inline(__always)
  private func need(_ count: Int) throws(RollupsError) {
    if filled - at < count, place < end { try fill() }
  }

  private func fill() throws(RollupsError) {
    let left = filled - at
    if left > 0 { buffer.baseAddress!.copyMemory(from: buffer.baseAddress! + at, byteCount: left) }
    at = 0
    let wanted = min(buffer.count - left, Int(end - place))
    let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[left..<(left + wanted)]), at: place)
    guard count == wanted else { throw damaged }
    filled = left + count
    place += Int64(count)
  }

  // Beyond what is filled these give 0, and every caller looks afterwards.

  @inline(__always)
  private func byte() -> UInt8 {
    guard at < filled else {
      at += 1
      return 0
    }
    defer { at += 1 }
    return buffer[at]
  }

  @inline(__always)
  private func word() -> UInt64 {
    guard at + 8 <= filled else {
      at = filled + 1
      return 0
    }
    defer { at += 8 }
    return UInt64(littleEndian: UnsafeRawPointer(buffer.baseAddress!).loadUnaligned(fromByteOffset: at, as: UInt64.self))
  }

  @inline(__always)
  private func varint() -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64 {
      let next = byte()
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 { break }
      shift += 7
    }
    return value
  }
}
