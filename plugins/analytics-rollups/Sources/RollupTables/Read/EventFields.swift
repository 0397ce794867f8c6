/// The fields of one line that matter here, as they stand in it. A name that comes twice: the last one counts.
struct EventFields {
  typealias Slice = LineParser.Slice

  var user: Slice?
  var type: Slice?
  var time: Slice?
  var session: Slice?
  var id: Slice?
  var country: Slice?
  /// The decimal digits of a number, or of text.
  var amount: Slice?
  /// The newline.
  var end: LineParser.Bytes

  /// Reads the line that begins at `start`. Throws `Malformed` where it is no event. Leaves what the fields mean to others.
  @inline(__always)
  init(_ start: LineParser.Bytes) throws(Malformed) {
    var parser = LineParser(start)
    parser.skipBlanks()
    var fields = EventFields(end: start)
    try parser.object { (parser, name) throws(Malformed) in try fields.member(&parser, name) }
    parser.skipBlanks()
    guard parser.at.pointee == 0x0A else { throw .json }
    if parser.highBits & 0x8080_8080_8080_8080 != 0 {
      let line = UnsafeBufferPointer(start: start, count: parser.at - start)
      guard String(validating: line, as: UTF8.self) != nil else { throw .notUTF8 }
    }
    fields.end = parser.at
    self = fields
  }

  private init(end: LineParser.Bytes) { self.end = end }

  private enum Name {
    case user, type, time, session, id, properties, amount, location, country, other
  }

  @inline(__always)
  private mutating func member(_ parser: inout LineParser, _ name: Slice) throws(Malformed) {
    switch Self.top(name) {
    case .user: user = try Self.text(&parser, or: .noUser)
    case .type: type = try Self.text(&parser, or: .noType)
    case .time: time = try Self.text(&parser, or: .noTime)
    case .session: session = try Self.text(&parser, or: .badSession)
    case .id: id = try Self.text(&parser, or: .badID)
    case .properties:
      (amount, country) = (nil, nil)
      guard try Self.isObject(&parser) else { return }
      var fields = self
      try parser.object(depth: 1) { (parser, name) throws(Malformed) in try fields.property(&parser, name) }
      self = fields
    default: _ = try parser.value()
    }
  }

  @inline(__always)
  private mutating func property(_ parser: inout LineParser, _ name: Slice) throws(Malformed) {
    switch Self.inner(name) {
    case .amount:
      switch try parser.value(depth: 1) {
      case .number(let digits), .string(let digits): amount = digits
      case .null: amount = nil
      case .other: throw .badAmount
      }
    case .location:
      country = nil
      guard try Self.isObject(&parser) else { return }
      var found: Slice?
      try parser.object(depth: 2) { (parser, name) throws(Malformed) in
        if Self.inner(name) == .country {
          found = try Self.text(&parser, or: .badProperties)
        } else {
          _ = try parser.value(depth: 2)
        }
      }
      country = found
    default: _ = try parser.value(depth: 1)
    }
  }

  /// Text; nil for null.
  @inline(__always)
  private static func text(_ parser: inout LineParser, or flaw: Malformed) throws(Malformed) -> Slice? {
    switch try parser.value() {
    case .string(let slice): return slice
    case .null: return nil
    case .number, .other: throw flaw
    }
  }

  /// An object is next; null is passed over.
  @inline(__always)
  private static func isObject(_ parser: inout LineParser) throws(Malformed) -> Bool {
    if parser.at.pointee == UInt8(ascii: "{") { return true }
    guard case .null = try parser.value() else { throw .badProperties }
    return false
  }

  @inline(__always)
  private static func top(_ name: Slice) -> Name {
    if name.hasEscapes { return top(resolving: name) }
    switch name.count {
    case 7: return name.isText("user_id") ? .user : .other
    case 8: return name.isText("event_id") ? .id : .other
    case 9: return name.isText("timestamp") ? .time : .other
    case 10:
      switch name.start.pointee {
      case UInt8(ascii: "e"): return name.isText("event_type") ? .type : .other
      case UInt8(ascii: "s"): return name.isText("session_id") ? .session : .other
      case UInt8(ascii: "p"): return name.isText("properties") ? .properties : .other
      default: return .other
      }
    default: return .other
    }
  }

  @inline(__always)
  private static func inner(_ name: Slice) -> Name {
    if name.hasEscapes { return inner(resolving: name) }
    switch name.count {
    case 6: return name.isText("amount") ? .amount : .other
    case 7: return name.isText("country") ? .country : .other
    case 8: return name.isText("location") ? .location : .other
    default: return .other
    }
  }

  private static func top(resolving name: Slice) -> Name {
    Escapes.resolved(name.buffer).withUnsafeBufferPointer { top(Slice(start: $0.baseAddress!, count: $0.count)) }
  }

  private static func inner(resolving name: Slice) -> Name {
    Escapes.resolved(name.buffer).withUnsafeBufferPointer { inner(Slice(start: $0.baseAddress!, count: $0.count)) }
  }
}

extension LineParser.Slice {
  @inline(__always)
  func isText(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    for index in 0..<count where start[index] != text.utf8Start[index] { return false }
    return true
  }
}
