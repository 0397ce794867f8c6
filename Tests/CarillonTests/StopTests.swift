import Foundation
import Testing

/// Runs that are stopped, resumed, cancelled, and looked at by other processes meanwhile.
@Suite struct StopTests {
  @Test(arguments: [SIGINT, SIGTERM]) func one_signal_stops_and_resume_goes_on(_ signal: Int32) async throws {
    let box = try Sandbox()
    try box.misbehaving("slow", items: 150, microseconds: 20_000)
    let run = try box.start("run", "slow")
    try await box.awaitLedger(3)
    run.signal(signal)
    let stopped = try await run.wait()
    #expect(stopped.status == 75)
    #expect(stopped.errors.contains("\nstopping; again to stop at once; resume with: carillon resume "))
    #expect(stopped.output.contains("of slow: stopped after"))
    #expect(try await box.carillon("logs", "last", "--follow").output.contains("begins"))
    let resumed = try await box.carillon("resume", "last")
    #expect(resumed.status == 0)
    #expect(resumed.output.contains("150: 150 succeeded"))
    let done = try box.ledger()
    #expect(done.count == 150 && Set(done).count == 150)
    let again = try await box.carillon("resume", "last")
    #expect(again.status == 65)
    #expect(again.errors.contains("nothing to resume"))
  }

  @Test func a_hangup_that_the_caller_ignores_stays_ignored() async throws {
    let box = try Sandbox()
    try box.misbehaving("slow", items: 40, microseconds: 20_000)
    box.environment["C"] = Program.path
    let run = try RunningProgram(
      "/bin/sh", ["-c", "trap '' HUP; exec $C run slow"], environment: box.environment, folder: box.folder)
    try await box.awaitLedger(1)
    run.signal(SIGHUP)
    let ended = try await run.wait()
    #expect(ended.status == 0)
    #expect(ended.errors == "no daemon: running here\n")
  }

  @Test func a_killed_run_is_resumed() async throws {
    let box = try Sandbox()
    try box.misbehaving("slow", items: 100, microseconds: 20_000)
    box.environment["C"] = Program.path
    let run = try RunningProgram(
      "/bin/sh", ["-c", "$C run slow; exit 0"], environment: box.environment, folder: box.folder)
    try await box.awaitLedger(3)
    let pid = try #require(
      Int32(try String(contentsOfFile: "\(box.folder)/state/lock", encoding: .utf8).split(separator: "\n")[0]))
    kill(pid, SIGKILL)
    _ = try await run.wait()
    #expect(try await box.carillon("runs").output.contains("running"))
    #expect(try await box.carillon("doctor").output.contains("was left behind in state running"))
    let resumed = try await box.carillon("resume", "last")
    #expect(resumed.status == 0)
    #expect(resumed.output.contains("100: 100 succeeded"))
    #expect(try Set(box.ledger()).count == 100)
  }

  @Test func two_signals_stop_at_once() async throws {
    let box = try Sandbox()
    try box.misbehaving("stuck", items: 2, faults: "[{key: item-2, fault: hang}]", more: "timeouts: {cancel_grace: 1h}")
    let run = try box.start("run", "stuck")
    try await box.awaitLedger(1)
    run.signal(SIGINT)
    run.signal(SIGTERM)
    let stopped = try await run.wait()
    #expect(stopped.status == 75)
    #expect(stopped.errors.contains("stopping at once"))
    #expect(try await box.carillon("cancel", "last").status == 0)
  }

  @Test func another_process_may_look_and_cancel() async throws {
    let box = try Sandbox()
    try box.misbehaving("slow", items: 1_000, microseconds: 20_000)
    let run = try box.start("run", "slow")
    try await box.awaitLedger(1)
    let second = try await box.carillon("run", "hello")
    #expect(second.status == 75)
    #expect(second.errors.hasPrefix("carillon: another carillon (pid "))
    #expect(try await box.carillon("runs").output.contains("slow"))
    #expect(try await box.carillon("items", "--run", "last", "--limit", "1").lines.count == 2)
    #expect(try await box.carillon("doctor").output.contains("is at work"))
    #expect(try await box.carillon("backup", "copy.db").status == 0)
    let log = try box.start("logs", "last", "--follow")
    let cancel = try await box.carillon("cancel", "last", "--reason", "wrong folder")
    #expect(cancel.status == 0)
    #expect(cancel.output.contains("is cancelled"))
    let ended = try await run.wait()
    #expect(ended.status == 3)
    #expect(ended.output.contains("wrong folder"))
    #expect(try await log.wait().output.contains("begins"))
    #expect(try await box.carillon("cancel", "last").status == 65)
  }

  @Test func a_stopped_run_can_be_cancelled() async throws {
    let box = try Sandbox()
    try box.misbehaving("slow", items: 100, microseconds: 20_000)
    let run = try box.start("run", "slow")
    try await box.awaitLedger(1)
    run.signal(SIGINT)
    _ = try await run.wait()
    #expect(try await box.carillon("doctor").output.contains("was stopped: carillon resume "))
    let cancel = try await box.carillon("cancel", "last", "--json").json()
    #expect((cancel["run"] as? [String: Any])?["state"] as? String == "cancelled")
  }
}
