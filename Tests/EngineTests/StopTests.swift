import Engine
import Foundation
import JobModel
import Store
import Testing

/// Leaving a run before its end, and taking it up again: nothing is lost, and nobody pays.
@Suite(.serialized) struct StopTests {
  /// Every item succeeded at its first attempt, and really did.
  private static func expectAllDone(_ items: Int, _ result: RunResult, _ store: SQLiteStore, ledger: String) async throws {
    #expect(result.record.state == .succeeded)
    #expect(result.record.counts.succeeded == items && result.record.counts.total == items)
    let rows = try await store.items(ItemQuery(run: result.record.number, limit: 10_000))
    #expect(rows.allSatisfy { $0.attempts == 1 && $0.deaths == 0 })
    let lines = try String(contentsOfFile: ledger, encoding: .utf8).split(separator: "\n")
    #expect(Set(lines.map { $0.prefix { $0 != " " } }).count == items)
  }

  @Test(arguments: [false, true])
  func aStoppedRunGoesOnWhereItWas(immediately: Bool) async throws {
    let bench = Bench()
    let ledger = NSTemporaryDirectory() + "carillon-ledger-\(UUID().uuidString)"
    defer { unlink(ledger) }
    let job = Bench.misbehaving(600, [], more: ["work_us": 1_000, "ledger": .string(ledger)])
    var engine = try await Engine.open(bench.paths)
    let run = try await engine.begin(job, RunOptions())
    async let stopping = run.drive()
    #expect(await Wait.until { run.progress.counts.succeeded > 20 })
    if immediately { run.stopNow() } else { run.stop() }
    let stopped = try await stopping
    #expect(stopped.wasStopped && stopped.record.state == .queued)
    #expect((21..<600).contains(stopped.record.counts.succeeded))
    #expect(stopped.record.counts.retrying == 0, "what was under way was charged")
    try await engine.close()

    engine = try await Engine.open(bench.paths)
    let record = try #require(try await engine.store.run(run.number))
    let result = try await engine.resume(record).drive()
    #expect(!result.wasStopped)
    try await Self.expectAllDone(600, result, engine.store, ledger: ledger)
    try await engine.close()
  }

  @Test func aRunStoppedWhileItNamesItsItemsNamesThemAll() async throws {
    let bench = Bench()
    let lines = ["!pace 5"] + (1...200).map { "item\($0) 0 ok" }
    let job = Bench.job("scripted", ["script": .string(lines.joined(separator: "\n"))])
    let engine = try await Engine.open(bench.paths)
    let run = try await engine.begin(job, RunOptions())
    async let stopping = run.drive()
    #expect(await Wait.until { run.progress.counts.succeeded > 5 })
    #expect(!run.progress.isDiscovered)
    run.stop()
    let stopped = try await stopping
    #expect(stopped.wasStopped && !stopped.record.isDiscovered)
    let result = try await engine.resume(try #require(try await engine.store.run(run.number))).drive()
    #expect(result.record.state == .succeeded && result.record.counts.succeeded == 200)
    #expect(result.record.counts.total == 200)
    try await engine.close()
  }

  @Test func aPersonInAnotherProcessCancelsByAFile() async throws {
    let bench = Bench()
    let engine = try await Engine.open(bench.paths)
    let run = try await engine.begin(Bench.misbehaving(5_000, [], more: ["work_us": 1_000]), RunOptions())
    async let cancelling = run.drive()
    #expect(await Wait.until { run.progress.counts.succeeded > 0 })
    try "too loud\n".write(toFile: bench.paths.cancelRequest(of: run.id), atomically: true, encoding: .utf8)
    let result = try await cancelling
    #expect(result.record.state == .cancelled && result.record.error == "too loud")
    #expect(result.record.counts.cancelled > 0 && result.record.counts.ended == result.record.counts.total)
    #expect(access(bench.paths.cancelRequest(of: run.id), F_OK) != 0, "it would cancel the next run too")
    try await engine.close()
  }

  @Test func aRunCancelledWhileItNamesItsItemsEnds() async throws {
    let bench = Bench()
    let lines = ["!pace 5"] + (1...2_000).map { "item\($0) 0 ok" }
    let engine = try await Engine.open(bench.paths)
    let run = try await engine.begin(
      Bench.job("scripted", ["script": .string(lines.joined(separator: "\n"))]), RunOptions())
    async let cancelling = run.drive()
    #expect(await Wait.until { run.progress.counts.total > 5 })
    #expect(!run.progress.isDiscovered)
    run.cancel(reason: "enough")
    let result = try await cancelling
    #expect(result.record.state == .cancelled && result.record.error == "enough")
    #expect(result.record.counts.ended == result.record.counts.total)
    await #expect(throws: EngineError.self) { _ = try await engine.resume(result.record) }
    try await engine.close()
  }

  @Test func whoResumesARunWithASpentBudgetGrantsItAnew() async throws {
    let bench = Bench()
    let lines = (1...6).map { "bad\($0) 0 fail" } + (1...40).map { "good\($0) 0 ok" }
    var job = Bench.job("scripted", ["script": .string(lines.joined(separator: "\n"))])
    job.failureBudget = .count(3)
    try await bench.run(job) { result, _ in #expect(result.record.state == .failed) }
    let engine = try await Engine.open(bench.paths)
    let record = try await engine.store.run(reference: "last")
    #expect((4...6).contains(record.counts.dead) && record.counts.succeeded < 40)
    let result = try await engine.resume(record).drive()
    #expect(result.record.state == .completedWithFailures)
    #expect(result.record.counts.succeeded == 40 && result.record.counts.dead == 6)
    try await engine.close()
  }

  @Test func aStateDirectoryHasOneEngine() async throws {
    let bench = Bench()
    let engine = try await Engine.open(bench.paths)
    let error = await #expect(throws: EngineError.self) { _ = try await Engine.open(bench.paths) }
    #expect((error?.cause as? StoreError)?.code == .locked)
    try await engine.close()
  }
}
