import CarillonPlugin
import CarillonPluginTesting
import Foundation
import Testing

@testable import Command

/// Timeouts, cancellation, and processes that are left behind. `sleep 1000` stands for what never ends.
@Suite(.timeLimit(.minutes(2))) struct StoppingTests {
  private let bench = Bench()
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func aTimeoutEndsTheWholeGroup() async throws {
    let (completion, _) = try await bench.shell(
      "sleep 1000 & echo $! $$ > \(scratch.path)/pids; wait", #""timeout": "200ms""#)
    #expect(completion.kind == .failed)
    #expect(completion.reason == "took longer than its timeout of 0.2 s and was ended by SIGTERM")
    let report = try completion.report()
    #expect(report.stopped == "timeout" && report.signal == "SIGTERM" && report.durationS >= 0.2 && report.durationS < 5)
    for pid in try scratch.read("pids").split(whereSeparator: \.isWhitespace) {
      #expect(!isAlive(try #require(Int32(pid))))
    }
    let retried = try await bench.shell("sleep 1000", #""timeout": "50ms", "outcomes": {"timeout": "retry"}"#).completion
    #expect(retried.kind == .retry)
  }

  @Test func whoIgnoresTERMIsKilledAfterTheGrace() async throws {
    let (completion, _) = try await bench.shell(
      "trap '' TERM; echo $$ > \(scratch.path)/pid; while :; do sleep 0.05; done", #""timeout": "100ms", "grace": "200ms""#)
    let report = try completion.report()
    #expect(report.signal == "SIGKILL" && report.durationS >= 0.3 && report.durationS < 10)
    #expect(!isAlive(try #require(Int32(scratch.read("pid").trimmingCharacters(in: .whitespacesAndNewlines)))))
  }

  @Test func aGrandchildHasTheGraceAlthoughItsParentDiesAtOnce() async throws {
    let (completion, _) = try await bench.shell(
      "(trap 'sleep 0.2; echo cleaned > \(scratch.path)/clean; exit' TERM; while :; do sleep 0.02; done) & wait",
      #""timeout": "200ms", "grace": "20s""#)
    #expect(try completion.report().signal == "SIGTERM")
    #expect(scratch.has("clean"))
  }

  @Test func aStoppedProcessHearsOfItsEnd() async throws {
    let (completion, _) = try await bench.shell("kill -STOP $$; sleep 1000", #""timeout": "100ms", "grace": "20s""#)
    let report = try completion.report()
    #expect(report.signal == "SIGTERM" && report.durationS < 10)
  }

  @Test func whatIsLeftBehindIsEnded() async throws {
    let (completion, record) = try await bench.shell("sleep 1000 & echo $! > \(scratch.path)/pid")
    #expect(completion.kind == .succeeded)
    #expect(!isAlive(try #require(Int32(scratch.read("pid").trimmingCharacters(in: .whitespacesAndNewlines)))))
    #expect(record.lines(.warning).contains { $0.contains("left processes behind") })
  }

  @Test func unlessItMayStay() async throws {
    let (completion, _) = try await bench.shell(
      "sleep 1000 >/dev/null 2>&1 & echo $! > \(scratch.path)/pid", #""background": "leave""#)
    #expect(completion.kind == .succeeded)
    let pid = try #require(Int32(scratch.read("pid").trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(isAlive(pid))
    kill(pid, SIGKILL)
  }

  @Test func whatMayStayIsHeardUntilItClosesItsOutput() async throws {
    let (completion, _) = try await bench.shell("(sleep 0.3; echo late) & echo early", #""background": "leave""#)
    #expect(try completion.report().stdout == "early\nlate\n")
  }

  @Test func aDaemonThatHoldsTheOutputHoldsUpNothing() async throws {
    let (completion, _) = try await bench.shell("setsid sleep 1000 & echo $! > \(scratch.path)/pid; sleep 0.1; echo said")
    #expect(completion.kind == .succeeded)
    let report = try completion.report()
    #expect(report.stdout == "said\n" && report.durationS < 10)
    kill(try #require(Int32(scratch.read("pid").trimmingCharacters(in: .whitespacesAndNewlines))), SIGKILL)
  }

  @Test func cancellationEndsTheGroupAndIsWaitedFor() async throws {
    let harness = PluginHarness(
      CommandPlugin.self,
      config:
        #"{"shell": true, "command": "sleep 1000 & echo $! > \#(scratch.path)/pid; echo ready > \#(scratch.path)/ready; wait"}"#
    )
    try await harness.create()
    try await harness.discover()
    async let processing: Void = harness.process()
    #expect(try await eventually { scratch.has("ready") })
    #expect(harness.cancel("run"))
    try await processing
    try await harness.destroy()
    let completion = try #require(harness.record.completion("run"))
    #expect(completion.kind == .retry && completion.reason == "cancelled: was ended by SIGTERM" && completion.wasCancelled)
    #expect(try completion.report().stopped == "cancelled")
    #expect(!isAlive(try #require(Int32(scratch.read("pid").trimmingCharacters(in: .whitespacesAndNewlines)))))
  }

  @Test func oneOfManyIsCancelled() async throws {
    let harness = PluginHarness(
      CommandPlugin.self,
      config:
        #"{"shell": true, "command": "echo > \#(scratch.path)/$1; while [ ! -e \#(scratch.path)/go ]; do sleep 0.02; done", "items": ["a", "b", "c"]}"#
    )
    try await harness.create()
    try await harness.discover()
    async let processing: Void = harness.process()
    #expect(try await eventually { ["a", "b", "c"].allSatisfy(scratch.has) })
    #expect(harness.cancel("b"))
    #expect(try await eventually { harness.record.completion("b") != nil })
    try scratch.write("go", "")
    try await processing
    try await harness.destroy()
    #expect(harness.record.completion("a")?.kind == .succeeded && harness.record.completion("c")?.kind == .succeeded)
    #expect(harness.record.completion("b")?.kind == .retry)
    #expect(harness.record.peakInFlight == 3)
  }

  @Test func aLoopThatEndsTakesItsCommandsWithIt() async throws {
    var loop: ProcessLoop? = try ProcessLoop()
    let launch = Launch(
      path: Array("/bin/sleep".utf8), arguments: [Array("sleep".utf8), Array("1000".utf8)], environment: [], directory: "/")
    let process = try #require(loop).start(launch)
    loop = nil
    guard case .ended(let end) = await process.next() else {
      Issue.record("no end")
      return
    }
    #expect(end.signal == Int(SIGKILL) && end.stop == .cancelled)
  }
}
