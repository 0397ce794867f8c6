import Engine
import JobModel
import Store
import Testing

@Suite struct PauseTests {
  private func paused(_ afterPause: Backlog, _ change: (inout JobDefinition) -> Void = { _ in }) async throws -> Rig {
    let job = JobDefinition.scheduled("0 * * * *") {
      $0.afterPause = afterPause
      change(&$0)
    }
    let rig = try await Rig(at: "2026-03-01T09:30", [job])
    try await rig.run(until: "2026-03-01T10:30")
    try await rig.queue.endAll()
    let pause = try await rig.scheduler.pause("job", note: "the disk is being changed")
    #expect(pause.since == Timestamp("2026-03-01T10:30"))
    try await rig.run(until: "2026-03-01T14:30")
    return rig
  }

  @Test func noneLeavesThem() async throws {
    let rig = try await paused(.none)
    let end = try #require(try await rig.scheduler.endPause("job"))
    #expect(end.caughtUp == 0 && end.pause.note == "the disk is being changed")
    try await rig.run(until: "2026-03-01T15:00")
    #expect(
      try await rig.ledger() == [
        "1T10:00 fired", "1T11:00 paused", "1T12:00 paused", "1T13:00 paused", "1T14:00 paused", "1T15:00 fired",
      ])
    #expect(try await rig.scheduler.endPause("job") == nil)
  }

  @Test func latestMakesUpForTheLast() async throws {
    let rig = try await paused(.latest)
    #expect(try await rig.scheduler.endPause("job")?.caughtUp == 1)
    #expect(try await rig.ledger().suffix(2) == ["1T13:00 paused", "1T14:00 backfilled"])
    #expect(rig.queue.waiting.count == 1)
    let run = try await rig.store.run(rig.queue.waiting[0].number)
    #expect(run?.trigger == .catchUp && run?.dueAt == Timestamp("2026-03-01T14:00"))
  }

  @Test func allMakesUpForEachOldestFirst() async throws {
    let rig = try await paused(.all) { $0.catchUp.pace = .seconds(60) }
    #expect(try await rig.scheduler.endPause("job")?.caughtUp == 4)
    #expect(rig.queue.waiting.map(\.notBefore) == [nil, 1, 2, 3].map { $0.map { Timestamp("2026-03-01T14:3\($0)") } })
    #expect(
      try await rig.ledger() == [
        "1T10:00 fired", "1T11:00 backfilled", "1T12:00 backfilled", "1T13:00 backfilled", "1T14:00 backfilled",
      ])
  }

  /// A pause outlives its daemon. What is to be made up for has rows of its own.
  @Test func aDowntimeInAPauseIsMadeUpForToo() async throws {
    let rig = try await paused(.all)
    let jobs = try await rig.scheduler.jobs()
    try await rig.stop()
    rig.clock.set(Timestamp("2026-03-01T18:30"))
    try await rig.start(jobs)
    #expect(try await rig.ledger().last == "1T18:00 paused")
    #expect(try await rig.scheduler.endPause("job")?.caughtUp == 8)
    #expect(try await rig.ledger().filter { $0.hasSuffix("backfilled") }.count == 8)
    #expect(try await rig.ledger().filter { $0.hasSuffix("paused") }.isEmpty)
  }

  @Test func whatIsNotMadeUpForBecomesAStretch() async throws {
    let rig = try await paused(.latest)
    let jobs = try await rig.scheduler.jobs()
    try await rig.stop()
    rig.clock.set(Timestamp("2026-03-01T18:30"))
    try await rig.start(jobs)
    #expect(try await rig.ledger().last == "1T15:00–1T18:00 ×4 paused")
  }

  /// The daemon that ended the pause was killed when the run was made and the pause not yet gone.
  @Test func latestMakesUpOnceHoweverOftenThePauseEnds() async throws {
    let rig = try await paused(.latest)
    let pause = try #require(await rig.scheduler.pauses.first)
    #expect(try await rig.scheduler.endPause("job")?.caughtUp == 1)
    let jobs = try await rig.scheduler.jobs()
    _ = try await rig.store.pause(job: "job", note: pause.note, at: pause.since)
    try await rig.stop()
    try await rig.start(jobs)
    #expect(try await rig.scheduler.endPause("job")?.caughtUp == 0)
    #expect(try await rig.ledger().suffix(2) == ["1T13:00 paused", "1T14:00 backfilled"])
  }

  /// Two schedules: the stretch of one began earlier than the row of the other, and ends later.
  @Test func latestIsTheLastOfAllSchedules() async throws {
    let rig = try await Rig(
      at: "2026-03-01T09:45", [.scheduled("0 * * * *", "30 9-11 * * *") { $0.afterPause = .latest }])
    _ = try await rig.scheduler.pause("job", note: "")
    let jobs = try await rig.scheduler.jobs()
    try await rig.stop()
    rig.clock.set(Timestamp("2026-03-01T12:15"))
    try await rig.start(jobs)
    let rows = try await rig.ledger()
    #expect(rows == ["1T10:00–1T12:00 ×3 paused", "1T10:30–1T11:30 ×2 paused"])
    #expect(try await rig.scheduler.endPause("job")?.caughtUp == 1)
    let due = try await rig.store.run(rig.queue.waiting[0].number)?.dueAt
    #expect(due == Timestamp("2026-03-01T12:00"))
  }

  /// More than a page of rows, and a stretch among them: the oldest that there is room for.
  @Test func allMakesUpForTheOldestOfThousands() async throws {
    let rig = try await Rig(at: "2026-03-01T00:00:30", [.scheduled("* * * * *") { $0.afterPause = .all }])
    _ = try await rig.scheduler.pause("job", note: "")
    let jobs = try await rig.scheduler.jobs()
    try await rig.stop()
    rig.clock.set(Timestamp("2026-03-08T00:00:30"))
    try await rig.start(jobs)
    let caughtUp = try await rig.scheduler.endPause("job")?.caughtUp
    #expect(caughtUp == 10_000)
    let rows = try await rig.ledger()
    #expect(rows.suffix(2) == ["7T22:40 backfilled", "7T22:40–8T00:00 ×80 paused"])
    #expect(try await rig.store.run(rig.queue.waiting[0].number)?.dueAt == Timestamp("2026-03-01T00:01"))
    #expect(
      try await rig.store.run(rig.queue.waiting[9_999].number)?.dueAt == Timestamp("2026-03-01T00:01") + .seconds(9_999 * 60))
  }

  /// The new rule does not tell what the old one's instants were.
  @Test func aScheduleChangedInThePauseDoesNotLoseThem() async throws {
    let rig = try await paused(.all)
    var jobs = try await rig.scheduler.jobs()
    try await rig.stop()
    rig.clock.set(Timestamp("2026-03-01T18:30"))
    try await rig.start(jobs)
    jobs[0].schedules[0].expressions = ["45 * * * *"]
    _ = try await rig.scheduler.replace(JobPreparation.prepared(jobs))
    #expect(try await rig.scheduler.endPause("job")?.caughtUp == 8)
  }
}
