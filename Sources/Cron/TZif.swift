/// A compiled zone as tzcode writes it, versions 1 to 4 (RFC 9636). Names of zones and standard/daylight marks are passed over:
/// schedules need offsets only.
struct TZif {
  /// Instants at which the offset changes, in order, and the offset in seconds east from then on.
  var changes: [(second: Int64, offset: Int64)] = []
  /// The offset before the first of them.
  var firstOffset: Int64 = 0
  /// The rule for what comes after the last, as in the environment variable TZ; empty in version 1, and where nothing is known.
  var footer = ""

  /// - Throws: `unreadableZone`; `path` is for the message.
  init(_ bytes: [UInt8], path: String) throws(CronError) {
    func fail(_ why: String) -> CronError {
      CronError(code: .unreadableZone, message: "\(path) cannot be read as zone data: \(why); is the package tzdata whole?")
    }
    var reader = BigEndianReader(bytes: bytes)
    guard var header = Header(&reader) else { throw fail("it does not begin with a TZif header") }
    let isLong = header.version >= 2
    if isLong {
      guard reader.skip(header.bodyBytes(timeBytes: 4)), let second = Header(&reader) else {
        throw fail("its second header is missing")
      }
      header = second
    }
    guard header.leaps == 0 else {
      throw fail("it counts leap seconds, which no clock here does; take the name without right/")
    }
    guard let body = reader.take(header.bodyBytes(timeBytes: isLong ? 8 : 4)) else { throw fail("it is cut off") }
    guard header.types > 0, read(body, header, timeBytes: isLong ? 8 : 4) else {
      throw fail("its tables contradict each other")
    }
    if isLong {
      guard reader.takeByte() == UInt8(ascii: "\n"), let line = reader.takeLine() else { throw fail("its footer is missing") }
      footer = line
    }
  }

  /// Fills the tables; false where an index leads out of them or the instants are not in order.
  private mutating func read(_ body: ArraySlice<UInt8>, _ header: Header, timeBytes: Int) -> Bool {
    var reader = BigEndianReader(bytes: Array(body))
    var instants: [Int64] = []
    for _ in 0..<header.times { instants.append(reader.signed(timeBytes)) }
    guard zip(instants, instants.dropFirst()).allSatisfy({ $0 < $1 }) else { return false }
    var types: [Int] = []
    for _ in 0..<header.times { types.append(Int(reader.takeByte() ?? 0)) }
    var offsets: [Int64] = []
    for _ in 0..<header.types {
      offsets.append(reader.signed(4))
      guard reader.skip(2), let offset = offsets.last, abs(offset) < 7 * 86_400 else { return false }
    }
    guard types.allSatisfy({ $0 < offsets.count }) else { return false }
    firstOffset = offsets[0]
    changes = zip(instants, types).map { ($0, offsets[$1]) }
    return true
  }

  /// RFC 9636, section 3.1.
  private struct Header {
    var version: Int
    var utcMarks: Int
    var standardMarks: Int
    var leaps: Int
    var times: Int
    var types: Int
    var letters: Int

    init?(_ reader: inout BigEndianReader) {
      guard reader.take(4).map(Array.init) == Array("TZif".utf8), let byte = reader.takeByte(), reader.skip(15),
        reader.left >= 24
      else { return nil }
      version = byte == 0 ? 1 : Int(byte) - Int(UInt8(ascii: "0"))
      utcMarks = Int(reader.signed(4))
      standardMarks = Int(reader.signed(4))
      leaps = Int(reader.signed(4))
      times = Int(reader.signed(4))
      types = Int(reader.signed(4))
      letters = Int(reader.signed(4))
      guard version >= 1, [utcMarks, standardMarks, leaps, times, types, letters].allSatisfy({ (0...1 << 20).contains($0) })
      else { return nil }
    }

    func bodyBytes(timeBytes: Int) -> Int {
      times * (timeBytes + 1) + types * 6 + letters + leaps * (timeBytes + 4) + standardMarks + utcMarks
    }
  }
}

/// Numbers out of bytes, most significant first; beyond the end all bits are zero.
private struct BigEndianReader {
  private let bytes: [UInt8]
  private var at = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var left: Int { bytes.count - at }

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count <= left else { return nil }
    defer { at += count }
    return bytes[at..<at + count]
  }

  mutating func skip(_ count: Int) -> Bool { take(count) != nil }

  mutating func takeByte() -> UInt8? { take(1)?.first }

  mutating func signed(_ count: Int) -> Int64 {
    guard let taken = take(count), let first = taken.first else { return 0 }
    return taken.dropFirst().reduce(Int64(Int8(bitPattern: first))) { $0 << 8 | Int64($1) }
  }

  mutating func takeLine() -> String? {
    guard let end = bytes[at...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    defer { at = end + 1 }
    return String(decoding: bytes[at..<end], as: UTF8.self)
  }
}
