import CCarillonFrames
import CCarillonPlugin
import Foundation
import Testing

/// From PROCESS to OUTCOMES.
struct ItemTests {
  @Test func whatAnItemLeavesBehindComesBeforeItsOutcome() throws {
    let folder = try BuiltPlugin.emptyFolder()
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: "traces", artifacts: folder.path)
    try host.process([5])
    var frames: [Frame] = []
    while frames.last?.type != CARILLON_FRAME_OUTCOMES { frames.append(try #require(try host.receive())) }
    #expect(
      frames.map(\.type) == [
        CARILLON_FRAME_EVENT, CARILLON_FRAME_ITEMS, CARILLON_FRAME_ARTIFACT, CARILLON_FRAME_ARTIFACT,
        CARILLON_FRAME_LOG, CARILLON_FRAME_PROGRESS, CARILLON_FRAME_OUTCOMES,
      ])

    var items = BodyReader(frames[1])
    #expect(items.u64() == 5)
    #expect(items.u32() == 2)
    var artifact = BodyReader(frames[3])
    #expect(artifact.u64() == 5)
    #expect(artifact.u64() == 7)
    #expect(artifact.str() == "list.txt")
    #expect(artifact.str() == "text/plain")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["list.txt"])
    #expect(try String(contentsOf: folder.appending(path: "list.txt"), encoding: .utf8) == "second\n")
    var log = BodyReader(frames[4])
    #expect(log.u64() == 5)
    #expect(log.u32() == CARILLON_INFO, "an unknown level")
    #expect(log.str() == "nearly done")
  }

  @Test(arguments: [
    ("never", "was never completed by the plugin"), ("error", "the disk is full"),
    ("strange", "the plugin gave no reason"),
  ])
  func whatIsLeftOpenIsRetried(config: String, reason: String) throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: config)
    try host.process([1, 2, 3])
    let left = try host.outcomes(3).filter { $0.kind == CARILLON_RETRY }
    #expect(left.map(\.item) == (config == "never" ? [2, 3] : [1, 2, 3]))
    #expect(left.allSatisfy { $0.reason == reason })
    #expect(try host.shutDown() == 0)
  }

  @Test func aSecondOutcomeIsRefusedAndLogged() throws {
    let config = #"{"items": 1, "faults": [{"key": "item-1", "fault": "complete-twice"}]}"#
    let host = try HostProcess.running(try BuiltPlugin.misbehaving(), config: config)
    try host.process([1])
    var frames = [try #require(try host.receive()), try #require(try host.receive())]
    frames.sort { $0.type < $1.type }
    #expect(frames.map(\.type) == [CARILLON_FRAME_OUTCOMES, CARILLON_FRAME_LOG])
    #expect(Outcome.all(in: frames[0]).map(\.kind) == [CARILLON_SUCCEEDED])
    var log = BodyReader(frames[1])
    #expect(log.u64() == 1)
    #expect(log.u32() == CARILLON_WARNING)
    #expect(try host.ping().openItems == 0)
  }

  @Test func whatBreaksALimitIsRefusedAndTheItemStaysOpen() throws {
    let host = try HostProcess.running(
      try BuiltPlugin.probe(), config: "trouble", artifacts: try BuiltPlugin.emptyFolder().path)
    try host.process([1])
    let outcome = try #require(try host.outcomes(1).first)
    #expect(outcome.output == String(repeating: "\(CARILLON_REFUSED)", count: 12) + "n")
  }

  @Test func itemsAreCompletedFromThreads() throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: "threads")
    for round in UInt64(0)..<20 { try host.process(round * 64 + 1...round * 64 + 64) }
    let outcomes = try host.outcomes(20 * 64)
    #expect(outcomes.map(\.item) == Array(1...20 * 64))
    #expect(outcomes.allSatisfy { $0.kind == CARILLON_SUCCEEDED })
    #expect(try host.shutDown() == 0)
  }

  @Test func anItemKnowsItsNameAndItsDeadline() throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: "name", flags: UInt32(CARILLON_RUN_PLAN))
    try host.process([9])
    #expect(try host.outcomes(1).first?.output == "run-1/item-9 1 1")
  }

  @Test func aCancelledItemIsCompletedByThePlugin() throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: "pending")
    try host.process([1, 2])
    for _ in 1...2 { _ = try host.expect(CARILLON_FRAME_LOG) }  // the plugin has them both
    try host.send(CARILLON_FRAME_CANCEL, id: 2)
    #expect(try host.outcomes(1) == [Outcome(item: 2, kind: CARILLON_RETRY, reason: "told to stop", output: "")])
    #expect(try host.ping().openItems == 1)
    // SHUTDOWN waits for what is open.
    try host.send(CARILLON_FRAME_SHUTDOWN)
    #expect(try host.ping().openItems == 1)
    try host.send(CARILLON_FRAME_CANCEL, id: 1)
    #expect(try host.outcomes(1).map(\.item) == [1])
    _ = try host.expect(CARILLON_FRAME_BYE)
  }

  @Test func whatIsCancelledBeforeItsTurnNeverReachesThePlugin() throws {
    let config = #"{"items": 9, "faults": [{"key": "item-1", "fault": "slow", "ms": 60000}]}"#
    let host = try HostProcess.running(try BuiltPlugin.misbehaving(), config: config)
    try host.process([1])
    try host.process([2, 3, 4])
    try host.send(CARILLON_FRAME_CANCEL, id: 3)
    try host.send(CARILLON_FRAME_CANCEL, id: 1)
    let outcomes = try host.outcomes(4)
    #expect(outcomes.map(\.item) == [1, 2, 3, 4])
    #expect(outcomes.map { $0.kind == CARILLON_SUCCEEDED } == [false, true, false, true])
    #expect(outcomes[2].reason == "cancelled before it began")
  }

  @Test func aLongReasonIsCutBetweenTwoCharacters() throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: "complain")
    try host.process([1])
    #expect(try host.outcomes(1).first?.reason == "a" + String(repeating: "é", count: 8191))
  }

  @Test func sixteenMegabytesOfOutcomesComeInFramesWithinTheLimit() throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: "much")
    for round in UInt64(0)..<4 { try host.process(round * 64 + 1...round * 64 + 64) }
    let outcomes = try host.outcomes(256)
    #expect(outcomes.map(\.item) == Array(1...256))
    #expect(outcomes.allSatisfy { $0.output.utf8.count == 65536 })
  }

  @Test func descriptorsAreLimited() throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: "descriptors", descriptors: 40)
    try host.process([1])
    #expect(try host.outcomes(1).first?.output == "39 1")
  }

  @Test func memoryIsLimited() throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: "memory", memoryBytes: 512 << 20)
    try host.process([1])
    #expect(try host.outcomes(1).first?.output == "little")
  }
}
