import Engine
import JobModel
import Store
import Synchronization
import Testing

@Suite struct OverlapTests {
  private func rig(_ overlap: OverlapPolicy) async throws -> Rig {
    try await Rig(at: "2026-03-01T09:30", [.scheduled("0 * * * *") { $0.overlap = overlap }])
  }

  @Test func skipWaitsForNobody() async throws {
    let rig = try await rig(.skip)
    try await rig.turn(at: "2026-03-01T10:00")
    let first = rig.queue.waiting[0]
    rig.queue.begin(first)
    try await rig.turn(at: "2026-03-01T11:00")
    try await rig.queue.end(first)
    try await rig.turn(at: "2026-03-01T12:00")
    #expect(try await rig.ledger() == ["1T10:00 fired", "1T11:00 skippedOverlap", "1T12:00 fired"])
    let note = try await rig.store.instants(InstantQuery(limit: 2))[1].note
    #expect(note == "run \(first.id) has not ended")
  }

  @Test func queueOneHasOneWaiting() async throws {
    let rig = try await rig(.queueOne)
    try await rig.turn(at: "2026-03-01T10:00")
    rig.queue.begin(rig.queue.waiting[0])
    try await rig.turn(at: "2026-03-01T11:00")
    try await rig.turn(at: "2026-03-01T12:00")
    #expect(try await rig.ledger() == ["1T10:00 fired", "1T11:00 fired", "1T12:00 skippedOverlap"])
  }

  @Test func queueAllHasEach() async throws {
    let rig = try await rig(.queueAll)
    for hour in 10...13 { try await rig.turn(at: "2026-03-01T\(hour):00") }
    #expect(rig.queue.waiting.count == 4)
    #expect(rig.queue.waiting.allSatisfy { $0.lane == .serial })
  }

  @Test func cancelOtherEndsThoseBeforeIt() async throws {
    let rig = try await rig(.cancelOther)
    try await rig.turn(at: "2026-03-01T10:00")
    let first = rig.queue.waiting[0]
    rig.queue.begin(first)
    try await rig.turn(at: "2026-03-01T11:00")
    #expect(rig.queue.cancelled.map(\.number) == [first.number])
    #expect(rig.queue.waiting.count == 1 && rig.queue.active.isEmpty)
    #expect(try await rig.ledger() == ["1T10:00 fired", "1T11:00 fired"])
  }

  /// The newer run is made; those that it takes the place of are not forgotten.
  @Test func cancelOtherTriesAgainWhenTheDiskIsFull() async throws {
    let rig = try await rig(.cancelOther)
    let job = try #require(await rig.scheduler.job("job"))
    for hour in 8...9 { _ = try await rig.scheduler.trigger(job, RunOptions(), notBefore: Timestamp("2026-03-01T0\(hour):50")) }
    rig.queue.isFull.withLock { $0 = true }
    try await rig.turn(at: "2026-03-01T10:00")
    #expect(rig.scheduler.heartbeat.problem == "the disk is full")
    _ = try await rig.scheduler.trigger(job, RunOptions(), overlap: .cancelOther)
    #expect(rig.queue.cancelled.isEmpty && rig.queue.waiting.count == 4)
    rig.queue.isFull.withLock { $0 = false }
    try await rig.turn(at: "2026-03-01T10:00:01")
    #expect(rig.queue.cancelled.count == 3 && rig.queue.waiting.count == 1)
    #expect(rig.scheduler.heartbeat.problem == nil)
    #expect(try await rig.ledger() == ["1T10:00 fired"])
  }

  /// Such a run stands in nobody's way until then, so nobody clears it away.
  @Test func cancelOtherLeavesWhatAPersonPutOff() async throws {
    let rig = try await rig(.cancelOther)
    let job = try #require(await rig.scheduler.job("job"))
    let putOff = try await rig.scheduler.trigger(job, RunOptions(), notBefore: Timestamp("2026-03-01T11:30"))
    for hour in 10...11 { try await rig.turn(at: "2026-03-01T\(hour):00") }
    #expect(rig.queue.cancelled.count == 1 && rig.queue.waiting.contains { $0.id == putOff.id })
    _ = try await rig.scheduler.trigger(job, RunOptions(), overlap: .cancelOther)
    #expect(rig.queue.waiting.contains { $0.id == putOff.id })
    try await rig.turn(at: "2026-03-01T12:00")
    #expect(rig.queue.cancelled.contains { $0.id == putOff.id })
  }

  @Test func allowGoesBeside() async throws {
    let rig = try await rig(.allow)
    for hour in 10...12 { try await rig.turn(at: "2026-03-01T\(hour):00") }
    #expect(rig.queue.waiting.map(\.lane) == Array(repeating: .beside(limit: .max), count: 3))
  }

  /// All that is due at one moment is decided before any of it is recorded.
  @Test func twoSchedulesAtOneMomentDoNotBothFire() async throws {
    let rig = try await Rig(at: "2026-03-01T09:30", [.scheduled("0 * * * *", "0 10 * * *")])
    try await rig.turn(at: "2026-03-01T10:00")
    #expect(try await rig.ledger() == ["1T10:00 fired", "1T10:00 skippedOverlap"])
  }

  @Test func triggersAtOnceDoNotBothPass() async throws {
    let rig = try await rig(.skip)
    let scheduler = rig.scheduler
    let made = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          do {
            _ = try await scheduler.trigger(.scheduled(), RunOptions(), overlap: .skip)
            return true
          } catch {
            return false
          }
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(made == 1)
    #expect(rig.queue.waiting.count == 1)
  }

  @Test func aRunThatAPersonPutOffIsInNobodysWay() async throws {
    let rig = try await rig(.skip)
    _ = try await rig.scheduler.trigger(.scheduled(), RunOptions(), notBefore: Timestamp("2026-03-01T11:30"))
    try await rig.turn(at: "2026-03-01T10:00")
    rig.queue.begin(try #require(rig.queue.waiting.last))
    try await rig.queue.end(rig.queue.active[0])
    try await rig.stop()
    try await rig.start([.scheduled("0 * * * *")])
    try await rig.turn(at: "2026-03-01T11:00")
    try await rig.queue.end(try #require(rig.queue.waiting.last))
    try await rig.turn(at: "2026-03-01T12:00")
    #expect(try await rig.ledger() == ["1T10:00 fired", "1T11:00 fired", "1T12:00 skippedOverlap"])
  }

  @Test func spreadIsStableAndJitterIsBounded() async throws {
    var delays: [[Duration]] = [[], []]
    let jobs = ["one", "two"].map { name in
      JobDefinition.scheduled("0 * * * *", name: name) {
        $0.schedules[0].spread = .seconds(600)
        $0.schedules[0].jitter = .seconds(10)
        $0.overlap = .queueAll
      }
    }
    let rig = try await Rig(at: "2026-03-01T09:30", jobs)
    for hour in 10...15 {
      try await rig.turn(at: "2026-03-01T\(hour):00")
      for (index, run) in rig.queue.waiting.suffix(2).enumerated() {
        delays[index].append((run.notBefore ?? rig.clock.now()) - rig.clock.now())
      }
    }
    for delays in delays {
      #expect(delays.max()! - delays.min()! <= .seconds(10))
      #expect(Set(delays).count > 1)
      #expect(delays.max()! <= .seconds(610))
    }
    #expect(abs((delays[0][0] - delays[1][0]).inSeconds) > 10)
  }
}
