import CCarillonFrames
import Foundation
import Testing

/// A host that cannot trust what it reads ends at once, with one line of why, and never by a signal.
struct BrokenFrameTests {
  static let broken: [(String, Frame)] = [
    ("PING", Frame(type: CARILLON_FRAME_PING, body: [1])),
    ("CREDIT", Frame(type: CARILLON_FRAME_CREDIT, body: [1, 2])),
    ("REPLY", Frame(type: CARILLON_FRAME_REPLY, body: [0, 0, 0, 0, 255, 255, 255, 255])),
    ("REPLY to no request", Frame(type: CARILLON_FRAME_REPLY, id: 9, body: [0, 0, 0, 0, 0, 0, 0, 0])),
    ("PROCESS: count", Frame(type: CARILLON_FRAME_PROCESS, body: [UInt8](repeating: 0xff, count: 64))),
    ("PROCESS: count", Frame(type: CARILLON_FRAME_PROCESS)),
    ("PROCESS: item", Frame(type: CARILLON_FRAME_PROCESS, body: [UInt8](repeating: 0, count: 8) + [0, 16, 0, 0])),
    ("LOAD", Frame(type: CARILLON_FRAME_LOAD)),
    ("CREATE", Frame(type: CARILLON_FRAME_CREATE, body: [UInt8](repeating: 0, count: 8))),
    ("DISCOVER", Frame(type: CARILLON_FRAME_DISCOVER, body: [1, 0, 0, 0, 0, 0, 0, 0])),
    ("RUN", Frame(type: CARILLON_FRAME_RUN, body: [UInt8](repeating: 0, count: 44))),
    ("FINISH", Frame(type: CARILLON_FRAME_FINISH, body: [UInt8](repeating: 0, count: 40))),
    ("a critical one", Frame(type: 4711, flags: UInt16(CARILLON_FRAME_CRITICAL))),
  ]

  @Test(arguments: broken)
  func aBrokenFrameEndsTheHost(word: String, frame: Frame) throws {
    let host = try HostProcess()
    _ = try host.expect(CARILLON_FRAME_HELLO)
    try host.send(raw: frame.bytes)
    let printed = try host.printed()
    #expect(printed.hasPrefix("carillon-host: broken frame") && printed.contains(word))
    #expect(try host.ended() == 76)
  }

  @Test func aBodyThatNobodyShouldAllocateIsNotAllocated() throws {
    let host = try HostProcess()
    var bytes = Frame(type: CARILLON_FRAME_PING).bytes
    bytes.replaceSubrange(8..<12, with: [0xff, 0xff, 0xff, 0xff])
    try host.send(raw: bytes)
    #expect(try host.printed().contains("length"))
    #expect(try host.ended() == 76)
  }

  @Test func anUnknownFrameThatIsNotCriticalIsSkipped() throws {
    let host = try HostProcess()
    _ = try host.expect(CARILLON_FRAME_HELLO)
    try host.send(4711) { $0.str("from a newer daemon") }
    #expect(try host.ping().call == CARILLON_IN_NOTHING)
  }

  @Test(arguments: 0..<40)
  func noiseEndsTheHostWithoutACrash(seed: UInt64) throws {
    var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: "plain")
    var bytes: [UInt8] = []
    for _ in 0..<50 {
      let body = (0..<next() % 100).map { _ in next() % 3 == 0 ? UInt8(truncatingIfNeeded: next()) : 0 }
      bytes += Frame(type: UInt32(1 + next() % 13), id: next() % 4, body: body).bytes
    }
    try host.send(raw: bytes)
    host.closeConnection()
    let end = try host.ended()
    #expect(end == 76 || end == 69 || end == 0 || end == -SIGKILL, "seed \(seed)")
  }
}
