/// Turns the lines of one range into a part.
struct LineTaker: ~Copyable {
  private var batch = EventBatch()
  private var writer: PartWriter
  private var archive: ArchiveWriter?
  private var lines: Int64 = 0
  private var events: Int64 = 0
  private var malformed: Int64 = 0
  private var deadLetters: [DeadLetter] = []

  init(_ writer: consuming PartWriter, _ archive: ArchiveWriter?) {
    self.writer = writer
    self.archive = archive
  }

  /// Reads a line and says where its newline is. Throws `system`.
  @inline(__always)
  mutating func take(_ first: LineParser.Bytes, _ place: Int64) throws -> LineParser.Bytes {
    lines += 1
    let start = place == 0 ? Self.behindMark(first) : first
    let taken: (end: LineParser.Bytes, atUs: Int64)
    do throws(Malformed) {
      taken = try batch.add(start)
    } catch {
      return takeMalformed(start, place, error)
    }
    events += 1
    if let archive { try archive.add(UnsafeBufferPointer(start: start, count: taken.end - start), atUs: taken.atUs) }
    if batch.events.count == EventBatch.capacity { try spill() }
    return taken.end
  }

  /// A byte order mark may begin a file.
  private static func behindMark(_ start: LineParser.Bytes) -> LineParser.Bytes {
    start[0] == 0xEF && start[1] == 0xBB && start[2] == 0xBF ? start + 3 : start
  }

  private mutating func spill() throws(RollupsError) {
    try writer.write(batch)
    batch.removeEvents()
  }

  private mutating func takeMalformed(_ start: LineParser.Bytes, _ place: Int64, _ flaw: Malformed) -> LineParser.Bytes {
    let end = Newline.first(from: start)
    let line = UnsafeBufferPointer(start: start, count: end - start)
    if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return end }
    note(flaw, place, String(decoding: line.prefix(DeadLetter.textBytes), as: UTF8.self))
    return end
  }

  /// A line that did not fit into memory.
  mutating func takeLong(_ place: Int64) {
    lines += 1
    note(.tooLong, place, "")
  }

  private mutating func note(_ flaw: Malformed, _ place: Int64, _ text: String) {
    malformed += 1
    guard deadLetters.count < PartFacts.deadLettersKept else { return }
    deadLetters.append(DeadLetter(line: lines, byte: place, reason: flaw.rawValue, text: text))
  }

  /// Commits the part.
  mutating func end(_ facts: inout PartFacts, replacing hours: [Int64], as place: String) throws {
    try writer.write(batch)
    facts.lines = lines
    facts.events = events
    facts.malformed = malformed
    facts.deadLetters = deadLetters
    facts.types = Self.texts(batch.types)
    facts.countries = Self.texts(batch.countries)
    if let archive { facts.archivedHours = try archive.commit(replacing: hours) }
    try writer.commit(facts, as: place)
  }

  private static func texts(_ interner: Interner) -> [String] {
    (0..<interner.count).map { String(decoding: interner.text($0), as: UTF8.self) }
  }
}
