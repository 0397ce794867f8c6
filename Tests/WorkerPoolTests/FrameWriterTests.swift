import CCarillonFrames
import Foundation
import JobModel
import Testing
import WorkerPool
import Seeded

/// What the daemon sends, taken apart by a decoder that was written from the header alone.
struct FrameWriterTests {
  /// Takes fields off the front of a body.
  struct Body {
    var rest: ArraySlice<UInt8>

    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) -> Value {
      let size = MemoryLayout<Value>.size
      let value = rest.prefix(size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      rest = rest.dropFirst(size)
      return Value(truncatingIfNeeded: value)
    }

    mutating func bytes(_ count: UInt32) -> [UInt8] {
      defer { rest = rest.dropFirst(Int(count)) }
      return Array(rest.prefix(Int(count)))
    }

    mutating func string() -> [UInt8] { bytes(integer()) }
    mutating func text() -> String { String(decoding: string(), as: UTF8.self) }
  }

  struct Frame {
    var type: UInt32
    var id: UInt64
    var body: Body
  }

  static func frames(_ writer: FrameWriter) throws -> [Frame] {
    var stream = Body(rest: writer.bytes[...])
    var frames: [Frame] = []
    while !stream.rest.isEmpty {
      try #require(stream.integer(UInt32.self) == CARILLON_FRAME_MAGIC)
      let type = UInt32(stream.integer(UInt16.self))
      #expect(stream.integer(UInt16.self) == 1, "all that the daemon says is critical")
      let length = stream.integer(UInt32.self)
      #expect(stream.integer(UInt32.self) == 0)
      let id = stream.integer(UInt64.self)
      try #require(stream.rest.count >= Int(length))
      frames.append(Frame(type: type, id: id, body: Body(rest: stream.bytes(length)[...])))
    }
    return frames
  }

  @Test func itemsArriveAsTheyWere() throws {
    var random = SplitMix(seed: FrameFuzzTests.seed)
    for _ in 0..<300 {
      let count = Int.random(in: 1...60, using: &random)
      var items = ReadyItems()
      for number in 0..<count {
        let key = Array("k\(number)".utf8)
        let payload = (0..<Int.random(in: 0...90, using: &random)).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let offset = items.bytes.count
        items.bytes += key + payload
        items.entries.append(
          ReadyItems.Entry(
            id: ItemID(raw: .random(in: 1 ... .max, using: &random)), attempts: .random(in: 0...1_000, using: &random),
            deaths: 0, priority: 0, key: ByteRange(offset: offset, count: key.count),
            payload: ByteRange(offset: offset + key.count, count: payload.count)))
      }
      let first = Int.random(in: 0..<count, using: &random)
      let wanted = first..<Int.random(in: first + 1...count, using: &random)
      var writer = FrameWriter()
      writer.ping(id: 7)
      writer.process(items, wanted, itemTimeout: .milliseconds(1_500))
      var frames = try Self.frames(writer)
      try #require(frames.map(\.type) == [CARILLON_FRAME_PING, CARILLON_FRAME_PROCESS])
      #expect(frames[0].id == 7 && frames[0].body.rest.isEmpty)
      #expect(frames[1].body.integer(Int64.self) == 1_500_000)
      try #require(frames[1].body.integer(UInt32.self) == UInt32(wanted.count))
      for entry in items.entries[wanted] {
        #expect(frames[1].body.integer(Int64.self) == entry.id.raw)
        #expect(frames[1].body.integer(UInt32.self) == UInt32(entry.attempts) + 1)
        let key = frames[1].body.integer(UInt32.self)
        let payload = frames[1].body.integer(UInt32.self)
        #expect(frames[1].body.bytes(key) == Array(items.bytes[entry.key.range]))
        #expect(frames[1].body.bytes(payload) == Array(items.bytes[entry.payload.range]))
      }
      #expect(frames[1].body.rest.isEmpty)
    }
  }

  @Test func theFramesOfALifeSayWhatTheHeaderSays() throws {
    var writer = FrameWriter()
    writer.load(path: "/p/x.so", memoryBytes: 1 << 40, descriptors: 99, allowsNewPrivileges: true)
    writer.check(config: [1, 2])
    writer.create(config: [3], job: "öl")
    writer.run(
      WorkerRun(
        id: RunID("r"), job: "j", event: "{}", isPlan: true, startedAt: Timestamp(microseconds: -5),
        deadlineAt: nil, dueAt: Timestamp(microseconds: 7), artifactFolder: "/a"))
    writer.discover(window: 16, checkpoint: [9, 8])
    writer.finish(WorkerRunCounts(succeeded: 1, skipped: 2, failed: 3, cancelled: 4), startedAt: Timestamp(microseconds: 6))
    writer.cancel(nil)
    writer.cancel(ItemID(raw: 77))
    writer.reply(to: 5, .value([1]))
    writer.reply(to: 6, .absent)
    writer.credit(3)
    writer.shutdown()
    var frames = try Self.frames(writer)
    #expect(frames.map(\.type) == [1, 2, 3, 4, 5, 7, 8, 8, 10, 10, 11, 12])
    #expect(frames.map(\.id) == [0, 0, 0, 0, 0, 0, 0, 77, 5, 6, 0, 0])
    #expect(frames[0].body.integer(UInt64.self) == 1 << 40)
    #expect(frames[0].body.integer(UInt32.self) == 99)
    #expect(frames[0].body.integer(UInt32.self) == CARILLON_LOAD_NEW_PRIVILEGES)
    #expect(frames[0].body.text() == "/p/x.so")
    #expect(frames[1].body.string() == [1, 2])
    #expect(frames[2].body.string() == [3])
    #expect(frames[2].body.text() == "öl")
    #expect(frames[3].body.integer(UInt32.self) == 1)
    #expect(frames[3].body.integer(Int64.self) == -5)
    #expect(frames[3].body.integer(Int64.self) == 0)
    #expect(frames[3].body.integer(Int64.self) == 7)
    #expect((0..<4).map { _ in frames[3].body.text() } == ["r", "j", "{}", "/a"])
    #expect(frames[4].body.integer(UInt32.self) == 16)
    #expect(frames[4].body.string() == [9, 8])
    #expect((0..<4).map { _ in frames[5].body.integer(UInt64.self) } == [1, 2, 3, 4])
    #expect(frames[5].body.integer(Int64.self) == 6)
    #expect(frames[8].body.integer(UInt32.self) == 0)
    #expect(frames[8].body.string() == [1])
    #expect(frames[9].body.integer(UInt32.self) == 5)
    #expect(frames[9].body.string() == [])
    #expect(frames[10].body.integer(UInt32.self) == 3)
  }
}
