/// JSON (RFC 8259) over raw bytes that a newline ends: checks all of it, and copies nothing. No byte behind the newline is
/// judged, but seven of them are read.
struct LineParser {
  typealias Bytes = UnsafePointer<UInt8>

  /// Where a string's bytes or a number's are, without quotes.
  struct Slice {
    var start: Bytes
    var count: Int
    var hasEscapes = false

    var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }
  }

  /// What a value turned out to be.
  enum Value {
    case string(Slice)
    case number(Slice)
    case null
    /// True, false, an array or an object.
    case other
  }

  static let maxDepth = 64

  /// The next byte. Never behind the newline.
  var at: Bytes
  /// A byte above 127 was met: the line's UTF-8 is to be checked.
  var highBits: UInt64 = 0

  init(_ at: Bytes) { self.at = at }

  @inline(__always)
  mutating func skipBlanks() {
    while at.pointee == 0x20 || at.pointee == 0x09 || at.pointee == 0x0D { at += 1 }
  }

  @inline(__always)
  mutating func take(_ byte: UInt8) -> Bool {
    guard at.pointee == byte else { return false }
    at += 1
    return true
  }

  @inline(__always)
  mutating func expect(_ byte: UInt8) throws(Malformed) {
    guard take(byte) else { throw .json }
  }

  /// A string, from its quote to behind its last.
  @inline(__always)
  mutating func string() throws(Malformed) -> Slice {
    try expect(0x22)
    let start = at
    while true {
      let word = UInt64(littleEndian: UnsafeRawPointer(at).loadUnaligned(as: UInt64.self))
      // A byte of `special` is 0x80 where the word's is a quote, a backslash or a control character; the lowest is exact.
      let quote = word ^ 0x2222_2222_2222_2222
      let slash = word ^ 0x5C5C_5C5C_5C5C_5C5C
      let ones: UInt64 = 0x0101_0101_0101_0101
      let special =
        (((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((word &- 0x2020_2020_2020_2020) & ~word))
        & 0x8080_8080_8080_8080
      if special == 0 {
        highBits |= word
        at += 8
        continue
      }
      let before = special.trailingZeroBitCount - 7
      highBits |= word & ((1 &<< UInt64(truncatingIfNeeded: before)) &- 1)
      at += before >> 3
      if at.pointee == 0x22 {
        let slice = Slice(start: start, count: at - start)
        at += 1
        return slice
      }
      return try longString(from: start)
    }
  }

  /// The rest of a string that has an escape, or is none.
  private mutating func longString(from start: Bytes) throws(Malformed) -> Slice {
    while true {
      switch at.pointee {
      case 0x22:
        let slice = Slice(start: start, count: at - start, hasEscapes: true)
        at += 1
        return slice
      case 0x5C:
        at += 1
        switch at.pointee {
        case UInt8(ascii: "u"):
          at += 1
          for _ in 0..<4 {
            guard Escapes.hex(at.pointee) != nil else { throw .json }
            at += 1
          }
        case 0x22, 0x5C, 0x2F, UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
          at += 1
        default: throw .json
        }
      case 0..<0x20: throw .json
      default:
        highBits |= UInt64(at.pointee)
        at += 1
      }
    }
  }

  /// A number, checked by the grammar.
  mutating func number() throws(Malformed) -> Slice {
    let start = at
    _ = take(UInt8(ascii: "-"))
    if take(UInt8(ascii: "0")) {
      // No digit may follow.
    } else {
      try digits()
    }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    return Slice(start: start, count: at - start)
  }

  private mutating func digits() throws(Malformed) {
    let start = at
    while at.pointee &- 0x30 < 10 { at += 1 }
    guard at > start else { throw .json }
  }

  /// Any value.
  @inline(__always)
  mutating func value(depth: Int = 0) throws(Malformed) -> Value {
    switch at.pointee {
    case 0x22: return .string(try string())
    case UInt8(ascii: "-"), 0x30...0x39: return .number(try number())
    default: return try rareValue(depth: depth)
    }
  }

  private mutating func rareValue(depth: Int) throws(Malformed) -> Value {
    switch at.pointee {
    case UInt8(ascii: "n"):
      try word("null")
      return .null
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "{"):
      try object(depth: depth + 1) { (parser, _) throws(Malformed) in _ = try parser.value(depth: depth + 1) }
    case UInt8(ascii: "["):
      guard depth < Self.maxDepth else { throw .tooDeep }
      at += 1
      skipBlanks()
      if take(UInt8(ascii: "]")) { return .other }
      repeat {
        skipBlanks()
        _ = try value(depth: depth + 1)
        skipBlanks()
      } while take(UInt8(ascii: ","))
      try expect(UInt8(ascii: "]"))
    default: throw .json
    }
    return .other
  }

  private mutating func word(_ word: StaticString) throws(Malformed) {
    for index in 0..<word.utf8CodeUnitCount {
      try expect(word.utf8Start[index])
    }
  }

  /// An object: `member` is given each name and has to read its value.
  @inline(__always)
  mutating func object(
    depth: Int = 0, member: (inout LineParser, Slice) throws(Malformed) -> Void
  ) throws(Malformed) {
    guard depth <= Self.maxDepth else { throw .tooDeep }
    try expect(UInt8(ascii: "{"))
    skipBlanks()
    if take(UInt8(ascii: "}")) { return }
    repeat {
      skipBlanks()
      let name = try string()
      skipBlanks()
      try expect(UInt8(ascii: ":"))
      skipBlanks()
      try member(&self, name)
      skipBlanks()
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"))
  }
}
