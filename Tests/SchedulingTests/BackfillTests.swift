import Engine
import JobModel
import Store
import Testing

@Suite struct BackfillTests {
  /// Fired at 10, missed from 11 to 15, and at 12:30.
  private func rig() async throws -> Rig {
    let job = JobDefinition.scheduled("0 * * * *", "30 12 * * *") { $0.catchUp.backlog = .none }
    let rig = try await Rig(at: "2026-03-01T09:30", [job])
    try await rig.run(until: "2026-03-01T10:30")
    try await rig.queue.endAll()
    try await rig.turn(at: "2026-03-01T15:30")
    return rig
  }

  private func options(_ from: String, _ to: String) -> BackfillOptions {
    BackfillOptions(from: Timestamp(from), to: Timestamp(to))
  }

  @Test func aPlanChangesNothing() async throws {
    let rig = try await rig()
    let before = try await rig.ledger()
    var options = options("2026-03-01T08:00", "2026-03-01T13:00")
    options.isPlan = true
    let plan = try await rig.scheduler.backfill("job", options)
    #expect(plan.alreadyRun == 1)
    #expect(
      plan.instants.map { "\($0.key.text) \($0.schedule) \($0.fate?.name ?? "unknown")" } == [
        "1T08:00 s1 unknown", "1T09:00 s1 unknown", "1T11:00 s1 missed", "1T12:00 s1 missed", "1T12:30 s2 missed",
      ])
    #expect(plan.instants.allSatisfy { $0.run == nil })
    #expect(try await rig.ledger() == before)
    #expect(rig.queue.waiting.isEmpty)
  }

  @Test func runsAreMadeOnceAndInTheOrderAskedFor() async throws {
    let rig = try await rig()
    var options = options("2026-03-01T08:00", "2026-03-01T13:00")
    options.isReverse = true
    options.parallel = 3
    let done = try await rig.scheduler.backfill("job", options)
    #expect(done.instants.map(\.key.text) == ["1T12:30", "1T12:00", "1T11:00", "1T09:00", "1T08:00"])
    #expect(done.instants.allSatisfy { $0.run != nil })
    #expect(rig.queue.waiting.map(\.lane) == Array(repeating: .beside(limit: 3), count: 5))
    #expect(try await rig.store.run(rig.queue.waiting[0].number)?.trigger == .backfill)
    #expect(
      try await rig.ledger() == [
        "1T08:00 backfilled", "1T09:00 backfilled", "1T10:00 fired", "1T11:00 backfilled", "1T11:00–1T15:00 ×3 missed",
        "1T12:00 backfilled", "1T12:30 backfilled",
      ])
    let again = try await rig.scheduler.backfill("job", options)
    #expect(again.instants.isEmpty && again.alreadyRun == 6)
  }

  @Test func aStretchFromBeforeTheScheduleWasChangedCountsItsOwn() async throws {
    let rig = try await rig()
    // 11:00 to 15:00 are a stretch; of it 12:00 is an instant now, and 11:20 and 13:20 are not.
    let changed = JobDefinition.scheduled("20,0 11-13 * * *", "30 12 * * *") { $0.catchUp.backlog = .none }
    _ = try await rig.scheduler.replace(JobPreparation.prepared([changed]))
    let done = try await rig.scheduler.backfill("job", options("2026-03-01T11:10", "2026-03-01T13:30"))
    #expect(
      done.instants.map { "\($0.key.text) \($0.fate?.name ?? "unknown")" } == [
        "1T11:20 unknown", "1T12:00 missed", "1T12:20 unknown", "1T12:30 missed", "1T13:00 missed", "1T13:20 unknown",
      ])
    #expect(try await rig.ledger().contains("1T11:00–1T15:00 ×3 missed"))
  }

  @Test(
    arguments: [
      ("2026-03-01T08:00", "2026-03-01T16:00", "job", nil, "ends in the future"),
      ("2026-03-01T09:00", "2026-03-01T08:00", "job", nil, "ends before it begins"),
      ("2026-03-01T08:00", "2026-03-01T09:00", "jab", nil, "there is no job jab"),
      ("2026-03-01T08:00", "2026-03-01T09:00", "job", "s3", "job has no schedule named s3"),
      ("2020-03-01T08:00", "2026-03-01T09:00", "job", nil, "more than 10000 instants"),
    ] as [(String, String, String, String?, String)])
  func whatCannotBeIsRefused(_ from: String, _ to: String, _ job: String, _ schedule: String?, _ words: String) async throws {
    let rig = try await rig()
    var options = options(from, to)
    options.schedule = schedule
    let error = await #expect(throws: EngineError.self) { try await rig.scheduler.backfill(job, options) }
    #expect(error?.code == .state && error?.message.contains(words) ?? false, "\(error?.message ?? "")")
  }
}
