import Cron
import Engine
import JobModel
import Store
import Testing

@Suite struct CatchUpTests {
  private func hourly(_ backlog: Backlog, within: Duration = .seconds(86_400), pace: Duration = .zero) -> JobDefinition {
    .scheduled("0 * * * *") { $0.catchUp = CatchUpPolicy(backlog: backlog, within: within, pace: pace) }
  }

  /// Up until 11:30, down until 16:30.
  private func afterDowntime(_ job: JobDefinition) async throws -> Rig {
    let rig = try await Rig(at: "2026-03-01T09:30", [job])
    try await rig.run(until: "2026-03-01T11:30")
    try await rig.queue.endAll()
    try await rig.stop()
    rig.clock.set(Timestamp("2026-03-01T16:30"))
    try await rig.start([job])
    return rig
  }

  @Test func latestMakesUpForTheLastOne() async throws {
    let rig = try await afterDowntime(hourly(.latest))
    #expect(try await rig.ledger() == ["1T10:00 fired", "1T11:00 fired", "1T12:00–1T15:00 ×4 missed", "1T16:00 caughtUp"])
    #expect(rig.queue.waiting.count == 1)
    let run = try await rig.store.run(rig.queue.waiting[0].number)
    #expect(run?.trigger == .catchUp && run?.dueAt == Timestamp("2026-03-01T16:00"))
  }

  @Test func noneLetsThemGoInOneRow() async throws {
    let rig = try await afterDowntime(hourly(.none))
    #expect(try await rig.ledger() == ["1T10:00 fired", "1T11:00 fired", "1T12:00–1T16:00 ×5 missed"])
    #expect(rig.queue.waiting.isEmpty)
  }

  @Test func allComesOneAfterAnotherAtItsPace() async throws {
    let rig = try await afterDowntime(hourly(.all, within: .seconds(3 * 3_600), pace: .seconds(60)))
    #expect(
      try await rig.ledger() == [
        "1T10:00 fired", "1T11:00 fired", "1T12:00–1T13:00 ×2 outsideWindow", "1T14:00 caughtUp", "1T15:00 caughtUp",
        "1T16:00 caughtUp",
      ])
    #expect(rig.queue.waiting.map(\.lane) == [.serial, .serial, .serial])
    #expect(
      rig.queue.waiting.map(\.notBefore) == [nil, Timestamp("2026-03-01T16:31"), Timestamp("2026-03-01T16:32")])
  }

  @Test func latestIsOneRunForAllSchedulesOfAJob() async throws {
    let job = JobDefinition.scheduled("0 * * * *", "30 * * * *")
    let rig = try await Rig(at: "2026-03-01T09:45", [job])
    rig.clock.set(Timestamp("2026-03-01T12:15"))
    _ = try await rig.scheduler.turn()
    #expect(
      try await rig.ledger() == ["1T10:00–1T11:00 ×2 missed", "1T10:30–1T11:30 ×2 missed", "1T12:00 caughtUp"])
  }

  @Test func aFewSecondsLateIsOnTime() async throws {
    let rig = try await Rig(at: "2026-03-01T09:59:59", [hourly(.none)])
    try await rig.stop()
    rig.clock.set(Timestamp("2026-03-01T10:00:05"))
    try await rig.start([hourly(.none)])
    try await rig.turn(at: "2026-03-01T11:00:06")
    #expect(try await rig.ledger() == ["1T10:00 fired", "1T11:00 missed"])
  }

  @Test func aClockSetBackFiresNothingTwice() async throws {
    let rig = try await Rig(at: "2026-03-01T09:30", [hourly(.all)])
    try await rig.run(until: "2026-03-01T12:30")
    rig.clock.set(Timestamp("2026-03-01T09:30"))
    let next = try await rig.scheduler.turn()
    #expect(next == Timestamp("2026-03-01T13:00"))
    try await rig.run(until: "2026-03-01T13:00")
    #expect(try await rig.ledger() == ["1T10:00 fired", "1T11:00 fired", "1T12:00 fired", "1T13:00 fired"])
  }

  @Test func aChangedScheduleWhoseClockWasSetBackBeginsBehindItsMark() async throws {
    let rig = try await Rig(at: "2026-03-01T09:30", [hourly(.all)])
    try await rig.run(until: "2026-03-01T12:30")
    rig.clock.set(Timestamp("2026-03-01T10:30"))
    _ = try await rig.scheduler.replace(JobPreparation.prepared([.scheduled("*/30 * * * *")]))
    try await rig.run(until: "2026-03-01T13:00")
    #expect(
      try await rig.ledger()
        == ["1T10:00 fired", "1T11:00 fired", "1T12:00 fired", "1T12:30 fired", "1T13:00 fired"])
  }

  /// Two years of every second are 63 million instants: nothing here may hold them.
  @Test func aMillionMissedInstantsAreFewRows() async throws {
    let job = JobDefinition.scheduled("@every 1s") { $0.catchUp.backlog = .none }
    let rig = try await Rig(at: "2026-03-01T00:00", [job])
    try await rig.turn(at: "2026-03-02T00:00")
    let rows = try await rig.store.instants(InstantQuery(limit: 1_000))
    #expect(rows.filter { $0.fate == .missed || $0.fate == .outsideWindow }.map(\.count).reduce(0, +) == 86_394)
    #expect(rows.count < 12)
  }

  @Test func theQueueOfAJobIsBounded() async throws {
    let job = JobDefinition.scheduled("@every 1s") { $0.catchUp.backlog = .all }
    let rig = try await Rig(at: "2026-03-01T00:00", [job])
    try await rig.turn(at: "2026-03-01T03:00")
    #expect(rig.queue.waiting.count == 10_000)
    var query = InstantQuery(limit: 10)
    query.fates = [.skippedOverlap]
    let full = try await rig.store.instants(query)
    #expect(full.last?.note == "the queue is full")
    #expect(full.filter { $0.note == "the queue is full" }.map(\.count).reduce(0, +) == 795)
  }

  @Test func changesOfTheClocksHaveTheirRows() async throws {
    var job = JobDefinition.scheduled("30 2 * * *", zone: "Europe/Berlin")
    job.schedules[0].dst = .skip
    let rig = try await Rig(at: "2026-03-27T12:00", [job])
    try await rig.run(until: "2026-03-30T12:00")
    #expect(try await rig.ledger() == ["28T01:30 fired", "29T01:00 inGap", "30T00:30 fired"])
    try await rig.run(until: "2026-10-26T12:00")
    let last = try await rig.ledger().suffix(3)
    #expect(last == ["25T00:30 fired", "25T01:30 folded", "26T01:30 fired"])
  }
}
