import Engine
import JobModel
import Store
import Testing

@Suite struct RestartTests {
  @Test func runsLeftBehindAreTakenUpThoseUnderWayFirst() async throws {
    let job = JobDefinition.scheduled("0 * * * *") { $0.overlap = .queueAll }
    let rig = try await Rig(at: "2026-03-01T09:30", [job])
    for hour in 10...12 { try await rig.turn(at: "2026-03-01T\(hour):00") }
    let made = rig.queue.waiting
    _ = try await rig.store.moveRun(made[1].number, RunMove(from: .queued, to: .discovering, at: rig.clock.now()))
    try await rig.stop()
    try await rig.start([job])
    #expect(rig.queue.waiting.map(\.number) == [made[1], made[0], made[2]].map(\.number))
    #expect(rig.scheduler.unfinished("job") == 3)
    await #expect(throws: EngineError.self) { try await rig.scheduler.takeUp(rig.store.run(made[0].number)!) }
  }

  @Test func whatCameDueUnderTheOldSpecIsJudgedByIt() async throws {
    let old = JobDefinition.scheduled("0 * * * *") { $0.catchUp.backlog = .none }
    let new = JobDefinition.scheduled("30 * * * *") { $0.catchUp.backlog = .none }
    let rig = try await Rig(at: "2026-03-01T09:45", [old])
    try await rig.stop()
    rig.clock.set(Timestamp("2026-03-01T12:10"))
    try await rig.start([new])
    try await rig.turn(at: "2026-03-01T12:30")
    #expect(try await rig.ledger() == ["1T10:00–1T12:00 ×3 missed", "1T12:30 fired"])
  }

  @Test func aRemovedJobIsJudgedAndRetired() async throws {
    let rig = try await Rig(at: "2026-03-01T09:45", [.scheduled("0 * * * *"), .scheduled("0 * * * *", name: "other")])
    try await rig.stop()
    rig.clock.set(Timestamp("2026-03-01T11:10"))
    try await rig.start([.scheduled("0 * * * *", name: "other")])
    #expect(try await rig.ledger("job") == ["1T10:00–1T11:00 ×2 missed"])
    #expect(try await rig.ledger("other") == ["1T10:00 missed", "1T11:00 caughtUp"])
    #expect(try await rig.store.schedules(job: nil, includesRetired: false).map(\.job) == ["other"])
  }

  @Test func replaceSaysWhatChangedAndKeepsTheRest() async throws {
    let keep = JobDefinition.scheduled("0 * * * *", name: "keep")
    let rig = try await Rig(at: "2026-03-01T09:45", [keep, .scheduled("0 * * * *", name: "gone"), .scheduled("0 * * * *")])
    try await rig.run(until: "2026-03-01T10:15")
    let changes = try await rig.scheduler.replace(
      JobPreparation.prepared([keep, .scheduled("30 * * * *"), .scheduled("@daily", name: "new")]))
    #expect(changes == JobChanges(added: ["new"], changed: ["job"], removed: ["gone"]))
    try await rig.queue.endAll()
    try await rig.run(until: "2026-03-01T11:00")
    #expect(try await rig.ledger("job") == ["1T10:00 fired", "1T10:30 fired"])
    #expect(try await rig.ledger("gone") == ["1T10:00 fired"])
    #expect(try await rig.ledger("keep") == ["1T10:00 fired", "1T11:00 fired"])
    let upcoming = await rig.scheduler.upcoming(job: nil, limit: 3)
    #expect(upcoming.map { "\($0.job) \($0.key.text)" } == ["job 1T11:30", "keep 1T12:00", "job 1T12:30"])
  }

  /// One whose instants were judged ahead of the clock begins behind them; the others need not wait for it.
  @Test func aNewScheduleBeginsNowWhereverAnotherStands() async throws {
    let rig = try await Rig(at: "2026-03-01T12:30", [.scheduled("0 * * * *")])
    try await rig.run(until: "2026-03-01T15:00")
    try await rig.queue.endAll()
    rig.clock.set(Timestamp("2026-03-01T13:10"))
    _ = try await rig.scheduler.replace(
      JobPreparation.prepared([.scheduled("0,30 * * * *"), .scheduled("0 * * * *", name: "new")]))
    try await rig.run(until: "2026-03-01T15:30")
    #expect(try await rig.ledger("job") == ["1T13:00 fired", "1T14:00 fired", "1T15:00 fired", "1T15:30 fired"])
    #expect(try await rig.ledger("new") == ["1T14:00 fired", "1T15:00 fired"])
  }

  @Test func aBadScheduleLeavesTheOldSetInForce() async throws {
    let rig = try await Rig(at: "2026-03-01T09:45", [.scheduled("0 * * * *")])
    let error = await #expect(throws: EngineError.self) {
      try await rig.scheduler.replace(JobPreparation.prepared([.scheduled("0 * * * *", zone: "Europe/Atlantis")]))
    }
    #expect(error?.code == .config)
    try await rig.run(until: "2026-03-01T10:00")
    #expect(try await rig.ledger() == ["1T10:00 fired"])
  }

  @Test func rebootIsOncePerBoot() async throws {
    let jobs = [JobDefinition.scheduled("@reboot")]
    let rig = try await Rig(at: "2026-03-01T09:45", jobs)
    try await rig.turn(at: "2026-03-01T09:46")
    let ledger = try await rig.ledger()
    #expect(ledger == ["1T09:45 fired"])
    try await rig.queue.endAll()
    try await rig.stop()
    rig.clock.set(Timestamp("2026-03-01T10:00"))
    try await rig.start(jobs)
    try await rig.turn(at: "2026-03-01T10:01")
    #expect(try await rig.ledger() == ["1T09:45 fired"])
    try await rig.stop()
    rig.clock.set(Timestamp("2026-03-01T11:00"))
    try await rig.start(jobs, afterBoot: true)
    try await rig.turn(at: "2026-03-01T11:01")
    #expect(try await rig.ledger() == ["1T09:45 fired", "1T11:00 fired"])
  }

  /// A new schedule must not take a boot for its own that was long before it.
  @Test func rebootOfANewScheduleWaitsForTheNextBoot() async throws {
    let rig = try await Rig(at: "2026-03-01T09:45", [])
    rig.clock.set(Timestamp("2026-03-01T10:00"))
    _ = try await rig.scheduler.replace(JobPreparation.prepared([.scheduled("@reboot")]))
    try await rig.turn(at: "2026-03-01T10:01")
    #expect(try await rig.ledger().isEmpty)
  }

  /// Another job comes before it in the agenda than when the store was written.
  @Test func aJobKeepsItsOwnSchedulesWhenOthersComeBeforeIt() async throws {
    let later = JobDefinition.scheduled("0 * * * *", name: "later")
    let rig = try await Rig(at: "2026-03-01T09:30", [later])
    try await rig.stop()
    try await rig.start([JobDefinition.scheduled("*/5 * * * *", name: "earlier"), later])
    try await rig.run(until: "2026-03-01T11:30")
    var options = BackfillOptions(from: Timestamp("2026-03-01T08:00"), to: Timestamp("2026-03-01T11:00"))
    options.isPlan = true
    let plan = try await rig.scheduler.backfill("later", options)
    #expect(plan.instants.map(\.key.text) == ["1T08:00", "1T09:00"])
    #expect(plan.alreadyRun == 1)
  }

  /// The clock is set back, and then a schedule changes twice: the second change knows no more of what had been judged than the first left.
  @Test func aScheduleThatChangesTwiceAfterTheClockWentBackIsNotJudgedTwice() async throws {
    let rig = try await Rig(at: "2026-03-01T09:30", [JobDefinition.scheduled("0 * * * *")])
    try await rig.run(until: "2026-03-01T15:30")
    try await rig.turn(at: "2026-03-01T14:10")
    for jitter in [1, 2] {
      let changed = JobDefinition.scheduled("0 * * * *") { $0.schedules[0].jitter = .seconds(jitter) }
      _ = try await rig.scheduler.replace(JobPreparation.prepared([changed]))
    }
    try await rig.run(until: "2026-03-01T16:30")
    #expect(try await rig.ledger().suffix(2) == ["1T15:00 fired", "1T16:00 fired"])
  }
}
