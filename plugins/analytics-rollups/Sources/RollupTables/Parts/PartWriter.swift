/// Writes a part under a passing name; nothing is there before `commit`.
///
/// A part is its runs, its facts as JSON, their length, a magic word. A run is a block for each user: the user, the
/// number of events, the events. All numbers are LEB128 or little-endian.
struct PartWriter: ~Copyable {
  static let magic: UInt64 = 0x3154_5241_504C_5243  // "CRLPART1"

  /// What an event's second byte says.
  enum Flag {
    static let cents: UInt8 = 1
    static let sameSession: UInt8 = 2
    static let newSession: UInt8 = 4
    static let sameCountry: UInt8 = 8
    static let newCountry: UInt8 = 16
    static let idText: UInt8 = 32
  }

  private let file: SystemFile
  private var bytes: ByteWriter
  private(set) var runs: [RunFacts] = []

  init(_ path: String) throws(RollupsError) {
    file = try SystemFile.createLocked(path)
    bytes = ByteWriter(file)
  }

  /// Writes the batch's events as one run. Throws `system`.
  mutating func write(_ batch: borrowing EventBatch) throws(RollupsError) {
    guard !batch.events.isEmpty else { return }
    var run = RunFacts(start: bytes.count, end: 0)
    let order = batch.users.order
    var (sorted, starts) = Self.grouped(batch, order)
    for (rank, user) in order.enumerated() {
      let range = Int(starts[rank])..<Int(starts[rank + 1])
      Self.sort(&sorted, range)
      let name = batch.users.text(Int(user))
      try writeBlock(name, sorted, range, batch.idTexts)
    }
    run.end = bytes.count
    runs.append(run)
  }

  /// Writes all events that a merge goes through as one run. Throws `invalid`, `system`.
  mutating func write(_ merge: RunMerge) throws(RollupsError) {
    var run = RunFacts(start: bytes.count, end: 0)
    while try merge.next() { try writeBlock(merge.user[...], merge.events, merge.events.indices, merge.idTexts) }
    run.end = bytes.count
    runs.append(run)
  }

  /// Events by user, users in the order of their names, and where each user's begin.
  private static func grouped(_ batch: borrowing EventBatch, _ order: [UInt32]) -> (events: [Event], starts: [UInt32]) {
    var ranks = [UInt32](repeating: 0, count: order.count)
    for (rank, user) in order.enumerated() { ranks[Int(user)] = UInt32(rank) }
    var starts = [UInt32](repeating: 0, count: order.count + 1)
    for event in batch.events { starts[Int(ranks[Int(event.user)]) + 1] += 1 }
    for rank in 0..<order.count { starts[rank + 1] += starts[rank] }
    var next = starts
    let count = batch.events.count
    let events = [Event](unsafeUninitializedCapacity: count) { room, filled in
      for event in batch.events {
        let rank = Int(ranks[Int(event.user)])
        (room.baseAddress! + Int(next[rank])).initialize(to: event)
        next[rank] += 1
      }
      filled = count
    }
    return (events, starts)
  }

  private static func sort(_ events: inout [Event], _ range: Range<Int>) {
    var index = range.lowerBound + 1
    while index < range.upperBound, !Event.precedes(events[index], events[index - 1]) { index += 1 }
    if index < range.upperBound { events[range].sort(by: Event.precedes) }
  }

  private mutating func writeBlock(
    _ name: ArraySlice<UInt8>, _ events: [Event], _ range: Range<Int>, _ idTexts: [UInt8]
  ) throws(RollupsError) {
    try bytes.reserve(name.count + 32)
    bytes.put(varint: UInt64(name.count))
    name.withUnsafeBytes { bytes.put($0) }
    bytes.put(varint: UInt64(range.count))
    var before: Int64 = 0
    var session: UInt64 = 0
    var country: UInt32 = 0
    for index in range {
      let event = events[index]
      try bytes.reserve(64)
      bytes.put(varint: UInt64(event.atUs - before))
      before = event.atUs
      bytes.put(varint: UInt64(event.type))
      var flags: UInt8 = 0
      if event.cents != 0 { flags |= Flag.cents }
      if event.session != 0 { flags |= event.session == session ? Flag.sameSession : Flag.newSession }
      if event.country != 0 { flags |= event.country == country ? Flag.sameCountry : Flag.newCountry }
      if event.idText != 0 { flags |= Flag.idText }
      bytes.put(byte: flags)
      bytes.put(word: event.idHigh)
      bytes.put(word: event.idLow)
      if flags & Flag.cents != 0 { bytes.put(word: UInt64(bitPattern: event.cents)) }
      if flags & Flag.newSession != 0 {
        bytes.put(word: event.session)
        session = event.session
      }
      if flags & Flag.newCountry != 0 {
        bytes.put(varint: UInt64(event.country))
        country = event.country
      }
      if flags & Flag.idText != 0 {
        let start = Int(event.idText) - 1
        let count = Int(idTexts[start]) | Int(idTexts[start + 1]) << 8
        try bytes.reserve(count + 3)
        bytes.put(varint: UInt64(count))
        idTexts[(start + 2)..<(start + 2 + count)].withUnsafeBytes { bytes.put($0) }
      }
    }
  }

  /// Writes the facts and puts the part in the place of an older one. Throws `system`.
  mutating func commit(_ facts: PartFacts, as path: String) throws {
    var facts = facts
    facts.runs = runs
    try bytes.end(facts)
    try SystemFile.move(file.path, over: path)
  }
}
