import CCarillonFrames
import Seeded

/// Frames as a host sends them, written by the words of carillon_frames.h and by nothing else of ours: the decoder's opposite.
struct HostFrames {
  private(set) var bytes: [UInt8] = []

  /// Every type that a host may send, and what stands in its body.
  static let types: [UInt32] = [
    CARILLON_FRAME_HELLO, CARILLON_FRAME_LOADED, CARILLON_FRAME_REFUSED, CARILLON_FRAME_DIAGNOSTIC, CARILLON_FRAME_CHECKED,
    CARILLON_FRAME_CREATED, CARILLON_FRAME_ITEMS, CARILLON_FRAME_CHECKPOINT, CARILLON_FRAME_DISCOVERED,
    CARILLON_FRAME_OUTCOMES, CARILLON_FRAME_STARTED, CARILLON_FRAME_EVENT, CARILLON_FRAME_ARTIFACT, CARILLON_FRAME_LOG,
    CARILLON_FRAME_PROGRESS, CARILLON_FRAME_REQUEST, CARILLON_FRAME_REPORT, CARILLON_FRAME_FINISHED, CARILLON_FRAME_PONG,
    CARILLON_FRAME_BYE,
  ]

  mutating func add(type: UInt32, flags: UInt16 = 1, id: UInt64 = 0, body: [UInt8]) {
    integer(CARILLON_FRAME_MAGIC)
    integer(UInt16(type))
    integer(flags)
    integer(UInt32(body.count))
    integer(UInt32(0))
    integer(id)
    bytes += body
  }

  /// A frame of that type with a valid body.
  mutating func addValid(_ type: UInt32, using random: inout SplitMix) {
    var body = HostFrames()
    var id: UInt64 = 0
    switch type {
    case CARILLON_FRAME_HELLO:
      body.integer(CARILLON_FRAMES_VERSION)
      body.integer(UInt32(1))
    case CARILLON_FRAME_LOADED:
      body.integer(UInt32(1))
      body.integer(UInt32.random(in: 0...7, using: &random))
      body.string(500, &random)
    case CARILLON_FRAME_REFUSED, CARILLON_FRAME_CREATED, CARILLON_FRAME_DISCOVERED, CARILLON_FRAME_FINISHED:
      body.integer(UInt32.random(in: 0...8, using: &random))
      body.string(200, &random)
    case CARILLON_FRAME_DIAGNOSTIC:
      body.integer(UInt32.random(in: 0...1, using: &random))
      body.string(30, &random)
      body.string(100, &random)
    case CARILLON_FRAME_CHECKED: body.integer(UInt32.random(in: 0...1, using: &random))
    case CARILLON_FRAME_ITEMS: body.items(&random)
    case CARILLON_FRAME_CHECKPOINT, CARILLON_FRAME_REPORT: body.string(1_000, &random)
    case CARILLON_FRAME_OUTCOMES: body.outcomes(&random)
    case CARILLON_FRAME_STARTED:
      let count = UInt32.random(in: 0...20, using: &random)
      body.integer(count)
      for _ in 0..<count * 2 { body.integer(UInt64.random(in: .min ... .max, using: &random)) }
    case CARILLON_FRAME_EVENT:
      body.integer(UInt64.random(in: 0...3, using: &random))
      body.string(40, &random)
      body.string(400, &random)
    case CARILLON_FRAME_ARTIFACT:
      body.integer(UInt64(0))
      body.integer(UInt64.random(in: .min ... .max, using: &random))
      body.string(100, &random)
      body.string(100, &random)
    case CARILLON_FRAME_LOG:
      body.integer(UInt64.random(in: 0...3, using: &random))
      body.integer(UInt32.random(in: 0...6, using: &random))
      body.string(300, &random)
    case CARILLON_FRAME_PROGRESS: for _ in 0..<3 { body.integer(UInt64.random(in: 0...100, using: &random)) }
    case CARILLON_FRAME_REQUEST:
      id = .random(in: .min ... .max, using: &random)
      let what = UInt32.random(in: 1...4, using: &random)
      body.integer(what)
      body.string(60, &random)
      if what == CARILLON_REQUEST_RESULTS {
        body.integer(UInt32(8))
        body.integer(UInt64.random(in: .min ... .max, using: &random))
      } else {
        body.string(1_000, &random)
      }
    case CARILLON_FRAME_PONG:
      id = .random(in: .min ... .max, using: &random)
      body.integer(UInt32(5))
      body.integer(UInt64.random(in: .min ... .max, using: &random))
      body.integer(UInt32.random(in: .min ... .max, using: &random))
    default: break  // BYE, and types that nobody knows
    }
    add(type: type, id: id, body: body.bytes)
  }

  private mutating func items(_ random: inout SplitMix) {
    integer(UInt64.random(in: 0...2, using: &random))
    let count = UInt32.random(in: 0...30, using: &random)
    integer(count)
    for number in 0..<count {
      let key = Array("key-\(number)".utf8)
      let payload = [UInt8](repeating: 0x7b, count: .random(in: 0...100, using: &random))
      integer(Int32.random(in: -9...9, using: &random))
      integer(UInt32(key.count))
      integer(UInt32(payload.count))
      bytes += key + payload
    }
  }

  private mutating func outcomes(_ random: inout SplitMix) {
    let count = UInt32.random(in: 0...30, using: &random)
    integer(count)
    for _ in 0..<count {
      let parts = (0..<4).map { _ in text(.random(in: 0...60, using: &random), &random) }
      integer(UInt64.random(in: .min ... .max, using: &random))
      integer(UInt32.random(in: 0...9, using: &random))
      integer(Int64.random(in: .min ... .max, using: &random))
      integer(Int64.random(in: .min ... .max, using: &random))
      for part in parts { integer(UInt32(part.count)) }
      for part in parts { bytes += part }
    }
  }

  private mutating func string(_ most: Int, _ random: inout SplitMix) {
    let words = text(.random(in: 0...most, using: &random), &random)
    integer(UInt32(words.count))
    bytes += words
  }

  /// Mostly letters; now and then bytes that are no UTF-8.
  private func text(_ count: Int, _ random: inout SplitMix) -> [UInt8] {
    let isHostile = Int.random(in: 0..<4, using: &random) == 0
    return (0..<count).map { _ in
      isHostile ? .random(in: .min ... .max, using: &random) : .random(in: 0x20...0x7e, using: &random)
    }
  }

  private mutating func integer(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }
}
