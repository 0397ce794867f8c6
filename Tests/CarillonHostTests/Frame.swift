import CCarillonFrames

/// One frame as this end of the connection sees it.
struct Frame: Equatable {
  var type: UInt32
  var flags: UInt16 = 0
  var id: UInt64 = 0
  var body: [UInt8] = []

  /// The frame as it goes over the wire.
  var bytes: [UInt8] {
    var bytes = Body()
    bytes.u32(CARILLON_FRAME_MAGIC)
    bytes.number(UInt16(type))
    bytes.number(flags)
    bytes.u32(UInt32(body.count))
    bytes.u32(0)
    bytes.u64(id)
    return bytes.bytes + body
  }
}

/// A body being put together.
struct Body {
  private(set) var bytes: [UInt8] = []

  mutating func number(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
  mutating func u32(_ value: UInt32) { number(value) }
  mutating func u64(_ value: UInt64) { number(value) }
  mutating func i64(_ value: Int64) { number(value) }
  mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }
  mutating func str(_ text: String) {
    u32(UInt32(text.utf8.count))
    raw(text)
  }

  static func of(_ fill: (inout Body) -> Void) -> [UInt8] {
    var body = Body()
    fill(&body)
    return body.bytes
  }
}

/// A body being taken apart. Reading past its end is a broken test or a broken host: either way it traps.
struct BodyReader {
  private var rest: ArraySlice<UInt8>

  init(_ frame: Frame) { rest = frame.body[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func number<Number: FixedWidthInteger>(_: Number.Type) -> Number {
    let size = MemoryLayout<Number>.size
    let value = rest.prefix(size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    rest = rest.dropFirst(size)
    return Number(truncatingIfNeeded: value)
  }
  mutating func u32() -> UInt32 { number(UInt32.self) }
  mutating func u64() -> UInt64 { number(UInt64.self) }
  mutating func i64() -> Int64 { number(Int64.self) }
  mutating func raw(_ size: UInt32) -> String {
    let text = String(decoding: rest.prefix(Int(size)), as: UTF8.self)
    rest = rest.dropFirst(Int(size))
    return text
  }
  mutating func str() -> String { raw(u32()) }
}

/// One outcome out of an OUTCOMES frame.
struct Outcome: Equatable {
  var item: UInt64
  var kind: UInt32
  var reason: String
  var output: String

  static func all(in frame: Frame) -> [Outcome] {
    var reader = BodyReader(frame)
    return (0..<reader.u32()).map { _ in
      let (item, kind) = (reader.u64(), reader.u32())
      _ = reader.i64()
      _ = reader.i64()
      let sizes = (0..<4).map { _ in reader.u32() }
      let texts = sizes.map { reader.raw($0) }
      return Outcome(item: item, kind: kind, reason: texts[0], output: texts[1])
    }
  }
}
