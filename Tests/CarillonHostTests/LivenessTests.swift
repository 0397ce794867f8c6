import CCarillonFrames
import CCarillonPlugin
import Foundation
import Testing

/// What happens when the plugin stands still, or the daemon goes away.
struct LivenessTests {
  @Test func aHangingPluginIsAnsweredFor() throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: "begin-and-hang")
    try host.process([41, 42])
    var started = BodyReader(try host.expect(CARILLON_FRAME_STARTED))
    #expect(started.u32() == 1)
    #expect(started.u64() == 41)
    #expect(started.i64() >= 50_000 && started.isAtEnd)
    #expect(try host.ping() == (CARILLON_IN_PROCESS, 2))
  }

  @Test(arguments: ["plain", "begin-and-hang"])
  func itEndsWithTheConnection(config: String) throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: config)
    if config != "plain" { try host.process([1]) }
    host.closeConnection()
    #expect(try host.ended() == -SIGKILL, "with all of its process group")
  }

  @Test func itEndsWithTheDaemonThoughTheConnectionStaysOpen() throws {
    // The shell stands for the daemon; the connection's other end is held here and outlives it.
    let script = "\"$0\" --parent $$ & wait"
    let host = try HostProcess(command: ["/bin/sh", "-c", script, HostProcess.binary])
    _ = try host.expect(CARILLON_FRAME_HELLO)
    try #require(kill(host.pid, SIGKILL) == 0)
    #expect(try host.receive() == nil)
    _ = try host.ended()
  }

  @Test func aChildOfThePluginDoesNotKeepTheConnectionOpen() throws {
    let host = try HostProcess.running(try BuiltPlugin.probe(), config: "fork")
    try host.process([1])
    #expect(try host.receive() == nil, "the host has died; its child lives until its group is killed")
  }

  @Test func itServesNobodyButItsParent() throws {
    let host = try HostProcess(command: [HostProcess.binary, "--parent", "1"])
    #expect(try host.receive() == nil)
    #expect(try host.ended() == 69)
  }

  @Test(arguments: [
    ("segfault", -SIGSEGV), ("abort", -SIGABRT), ("exit", 3), ("stack-overflow", -SIGSEGV),
    ("exhaust-memory", -SIGABRT),
  ])
  func aDyingPluginTakesOnlyItsHost(fault: String, end: Int32) throws {
    let config = #"{"items": 3, "faults": [{"key": "item-2", "fault": "\#(fault)"}]}"#
    let host = try HostProcess.running(
      try BuiltPlugin.misbehaving(), config: config, memoryBytes: 256 << 20)
    try host.process([1, 2, 3])
    while try host.receive() != nil {}
    #expect(try host.ended() == end)
  }
}
