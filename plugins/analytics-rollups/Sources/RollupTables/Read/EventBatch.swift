/// Events of a range as they are read, with the strings that they share.
struct EventBatch {
  /// So many at most are in memory; more become several runs of a part.
  static let capacity = 400_000

  /// Of a user's id, a type and a country, as it stands in the line.
  static let maxNameBytes = 1_024

  var events: [Event] = []
  var users = Interner()
  /// Types and countries outlive a batch: the part has one list of each.
  var types = Interner()
  var countries = Interner()
  /// The ids of purchases, each behind its length in two bytes.
  var idTexts: [UInt8] = []

  init() {
    for name in EventType.names { _ = Array(name.utf8).withUnsafeBufferPointer { types.number(of: $0) } }
  }

  /// The longest line, without its newline. Bytes.
  static let maxLineBytes = 1 << 20

  /// Reads the line that begins at `start` and ends with a newline, and says where that is and when the event was. Throws
  /// `Malformed`.
  @inline(__always)
  mutating func add(_ start: LineParser.Bytes) throws(Malformed) -> (end: LineParser.Bytes, atUs: Int64) {
    let fields = try EventFields(start)
    guard fields.end - start <= Self.maxLineBytes else { throw .tooLong }
    guard let user = fields.user, user.count > 0 else { throw .noUser }
    guard let type = fields.type, type.count > 0 else { throw .noType }
    guard let time = fields.time else { throw .noTime }
    guard max(user.count, type.count, fields.country?.count ?? 0) <= Self.maxNameBytes else { throw .longName }
    guard let atUs = Self.resolving(time, Timestamp.microseconds) else { throw .badTime }
    var cents: Int64 = 0
    if let amount = fields.amount {
      guard let value = Cents.parse(amount.buffer) else { throw .badAmount }
      cents = value
    }
    var event = Event(
      atUs: atUs, idHigh: 0, idLow: 0, session: 0, cents: cents, type: 0, country: 0, user: 0, idText: 0)
    event.user = Self.resolving(user) { users.number(of: $0) }
    event.type = Self.resolving(type) { types.number(of: $0) }
    if let country = fields.country, country.count > 0 {
      event.country = Self.resolving(country) { countries.number(of: $0) } + 1
    }
    if let session = fields.session, session.count > 0 {
      event.session = max(1, Self.resolving(session) { Hash.short($0, .session) })
    }
    if let id = fields.id, id.count > 0 {
      (event.idHigh, event.idLow) = Self.resolving(id) { Hash.long($0, .eventID) }
      if event.type == EventType.purchase { event.idText = Self.resolving(id) { keep($0) } }
    } else {
      (event.idHigh, event.idLow) = Hash.long(Self.trimmed(start, fields.end - start), .line)
    }
    events.append(event)
    return (fields.end, atUs)
  }

  private mutating func keep(_ id: UnsafeBufferPointer<UInt8>) -> UInt32 {
    let start = UInt32(idTexts.count) + 1
    let count = min(id.count, 65_535)
    idTexts.append(UInt8(count & 0xFF))
    idTexts.append(UInt8(count >> 8))
    idTexts.append(contentsOf: id.prefix(count))
    return start
  }

  /// Blanks around a line do not make another event of it.
  private static func trimmed(_ start: LineParser.Bytes, _ count: Int) -> UnsafeBufferPointer<UInt8> {
    var (first, last) = (0, count)
    while first < last, start[first] == 0x20 || start[first] == 0x09 { first += 1 }
    while last > first, start[last - 1] == 0x20 || start[last - 1] == 0x09 || start[last - 1] == 0x0D { last -= 1 }
    return UnsafeBufferPointer(start: start + first, count: last - first)
  }

  @inline(__always)
  private static func resolving<Result>(
    _ slice: LineParser.Slice, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    slice.hasEscapes ? Escapes.resolved(slice.buffer).withUnsafeBufferPointer(body) : body(slice.buffer)
  }

  /// Forgets events and users; types and countries stay.
  mutating func removeEvents() {
    events.removeAll(keepingCapacity: true)
    users = Interner()
    idTexts.removeAll(keepingCapacity: true)
  }
}
