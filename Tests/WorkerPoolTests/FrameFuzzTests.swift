import CCarillonFrames
import Foundation
import JobModel
import Testing
import WorkerPool
import Seeded

/// Everything a host says goes through here, and a plugin can say anything in its name.
struct FrameFuzzTests {
  /// CARILLON_SEED repeats another run.
  static let seed = ProcessInfo.processInfo.environment["CARILLON_SEED"].flatMap { UInt64($0) } ?? 20_261_123

  /// What came of a stream.
  struct Reading: Equatable {
    var events: [String] = []
    var accepted = 0
    var violation: String?
    var mostPending = 0
  }

  /// Reads a stream in pieces of these sizes, over and over.
  static func read(_ bytes: [UInt8], pieces: [Int], keepsEvents: Bool = true) -> Reading {
    var reader = FrameReader()
    var reading = Reading()
    var offset = 0
    var piece = 0
    do throws(FrameReader.Violation) {
      while offset < bytes.count {
        let end = min(bytes.count, offset + max(1, pieces[piece % pieces.count]))
        bytes[offset..<end].withUnsafeBytes { reader.append($0) }
        reading.mostPending = max(reading.mostPending, reader.pendingCount - (end - offset))
        offset = end
        piece += 1
        while let frame = try reader.next() {
          let event = try reader.withBody(of: frame) { (body) throws(FrameReader.Violation) in
            try FrameDecoder.decode(frame, body: body)
          }
          guard let event else { continue }
          if let breach = EventLimits.breach(in: event) { Issue.record("accepted with \(breach)") }
          reading.accepted += 1
          if keepsEvents { reading.events.append("\(event)") }
        }
      }
    } catch {
      reading.violation = error.description
    }
    return reading
  }

  static func stream(_ random: inout SplitMix) -> [UInt8] {
    var frames = HostFrames()
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      frames.addValid(HostFrames.types.randomElement(using: &random)!, using: &random)
    }
    return frames.bytes
  }

  static func pieces(_ random: inout SplitMix) -> [Int] {
    let most = [1, 7, 100, 5_000].randomElement(using: &random)!
    return (0..<16).map { _ in .random(in: 1...most, using: &random) }
  }

  @Test func everyValidFrameIsAcceptedHoweverItIsCut() {
    var random = SplitMix(seed: Self.seed)
    for type in HostFrames.types {
      for _ in 0..<50 {
        var frames = HostFrames()
        frames.addValid(type, using: &random)
        frames.addValid(CARILLON_FRAME_BYE, using: &random)
        let whole = Self.read(frames.bytes, pieces: [.max >> 1])
        #expect(whole.violation == nil, "type \(type), seed \(Self.seed)")
        #expect(whole.events.count == 2)
        let cut = Self.read(frames.bytes, pieces: Self.pieces(&random))
        #expect(cut.events == whole.events, "type \(type), seed \(Self.seed)")
      }
    }
  }

  @Test func mutatedStreamsNeverPassALimit() async {
    print("frame fuzz: seed \(Self.seed)")
    var random = SplitMix(seed: Self.seed)
    var accepted = 0
    var refused = 0
    for round in 0..<1_500 {
      if round % 10 == 0 { await Task.yield() }  // other tests wait for the same few threads
      var bytes = Self.stream(&random)
      for _ in 0..<Int.random(in: 1...4, using: &random) { Self.mutate(&bytes, using: &random) }
      let reading = Self.read(bytes, pieces: Self.pieces(&random), keepsEvents: false)
      let frame = Int(CARILLON_FRAME_HEADER + CARILLON_FRAME_MAX_BODY)
      #expect(reading.mostPending <= frame, "seed \(Self.seed)")
      accepted += reading.accepted
      refused += reading.violation == nil ? 0 : 1
    }
    #expect(accepted > 1_500 && refused > 500, "the mutations have lost their edge: \(accepted) accepted, \(refused) refused")
  }

  @Test func aBodyThatIsTooLargeIsRefusedByItsHeader() {
    var frames = HostFrames()
    frames.add(type: CARILLON_FRAME_REPORT, body: [0])
    var bytes = Array(frames.bytes.prefix(24))
    for (index, byte) in [0x01, 0x00, 0x80, 0x00].enumerated() { bytes[8 + index] = UInt8(byte) }  // 8 MiB and one
    let reading = Self.read(bytes, pieces: [24])
    #expect(reading.violation == "a frame announced 8388609 bytes")
  }

  @Test func unknownTypesAreSkippedUnlessCritical() {
    var frames = HostFrames()
    frames.add(type: 999, flags: 0, body: [1, 2, 3])
    frames.add(type: CARILLON_FRAME_BYE, body: [])
    #expect(Self.read(frames.bytes, pieces: [9]).events == ["bye"])
    frames.add(type: 999, flags: 1, body: [])
    #expect(Self.read(frames.bytes, pieces: [9]).violation == "it sent a critical frame of unknown type 999")
  }

  private static func mutate(_ bytes: inout [UInt8], using random: inout SplitMix) {
    guard bytes.count > 4 else { return }
    let at = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 2: bytes[at] = .random(in: .min ... .max, using: &random)
    case 3: bytes.removeSubrange(at..<min(bytes.count, at + .random(in: 1...64, using: &random)))
    case 4: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + .random(in: 1...64, using: &random))], at: at)
    case 5:  // a number that promises much
      let lies: [[UInt8]] = [
        [0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f], [0, 0, 0x80, 0], [0, 0, 0, 0x80], [0, 0, 0, 0],
      ]
      let lie = lies.randomElement(using: &random)!
      for (index, byte) in lie.enumerated() where at + index < bytes.count { bytes[at + index] = byte }
    case 6: bytes.removeLast(Int.random(in: 1...min(bytes.count, 40), using: &random))
    default:  // spliced with another stream
      let other = stream(&random)
      bytes.replaceSubrange(at..., with: other.suffix(.random(in: 1...other.count, using: &random)))
    }
  }
}
