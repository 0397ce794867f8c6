import Engine
import Foundation
import JobModel
import Store
import Synchronization
import Testing

/// The dispatcher and the scheduler on a real engine with a real plugin.
@Suite(.serialized, .timeLimit(.minutes(5))) struct DispatcherTests {
  /// Runs `body` beside a dispatcher and a scheduler that have begun with `jobs`, and drains.
  private func with(
    _ bench: borrowing Bench, _ jobs: [JobDefinition] = [], limit: Int = 16,
    _ body: (RunDispatcher, Scheduler, Ends) async throws -> Void
  ) async throws {
    let engine = try await Engine.open(bench.paths)
    let dispatcher = RunDispatcher(engine: engine, limit: limit)
    let scheduler = Scheduler(store: engine.store, dispatcher: dispatcher)
    let ends = Ends()
    await dispatcher.onEnd { ends.add($0) }
    try await scheduler.begin(JobPreparation.prepared(jobs))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await dispatcher.run() }
      group.addTask { try await scheduler.run() }
      try await body(dispatcher, scheduler, ends)
      await dispatcher.drain(grace: .seconds(1))
      group.cancelAll()
      try await group.waitForAll()
    }
    try await engine.close()
  }

  @Test func aTriggeredRunIsDone() async throws {
    try await with(Bench()) { dispatcher, scheduler, ends in
      let run = try await scheduler.trigger(Bench.scripted("item 0 count"), RunOptions())
      let end = await ends.first { $0.number == run.number }
      #expect(end.state == .succeeded && end.error == nil && !end.wasStopped)
      #expect(scheduler.unfinished("job") == 0)
      #expect(await dispatcher.waitingCount == 0)
    }
  }

  @Test func aPluginThatIsNotThereIsAFailedRun() async throws {
    try await with(Bench()) { dispatcher, scheduler, ends in
      let run = try await scheduler.trigger(JobDefinition(name: "lost", plugin: "nowhere"), RunOptions())
      let end = await ends.first { $0.number == run.number }
      #expect(end.state == .failed && end.error?.contains("nowhere") ?? false)
      let refused = try await scheduler.trigger(
        Bench.job("scripted", ["script": .string("no such line at all"), "unknown": .bool(true)]), RunOptions())
      let other = await ends.first { $0.number == refused.number }
      #expect(other.state.isFinal)
    }
  }

  @Test func runsOfAJobGoOneAfterAnotherAndCanBeCancelled() async throws {
    try await with(Bench()) { dispatcher, scheduler, ends in
      let job = Bench.scripted("item 0 wait:60000")
      let first = try await scheduler.trigger(job, RunOptions())
      let second = try await scheduler.trigger(job, RunOptions())
      await ends.until { await dispatcher.activeRun(first.number) != nil }
      #expect(await dispatcher.activeRun(second.number) == nil)
      let cancelled = try await dispatcher.cancel(second.number, reason: "not needed")
      #expect(cancelled.state == .cancelled && cancelled.error == "not needed")
      _ = try await dispatcher.cancel(first.number, reason: "nor this")
      let end = await ends.first { $0.number == first.number }
      #expect(end.state == .cancelled && end.error == "nor this")
      await #expect(throws: EngineError.self) { try await dispatcher.cancel(first.number, reason: "again") }
    }
  }

  @Test func drainedRunsGoOnWithTheNextDaemon() async throws {
    let bench = Bench()
    let job = Bench.scripted("item 0 count")
    var left: [RunNumber] = []
    try await with(bench) { dispatcher, scheduler, ends in
      let slow = try await scheduler.trigger(Bench.scripted("item 0 wait:60000"), RunOptions())
      await ends.until { await dispatcher.activeRun(slow.number) != nil }
      left = [slow.number, try await scheduler.trigger(job, RunOptions()).number]
      await dispatcher.drain(grace: .zero)
      let end = await ends.first { $0.number == slow.number }
      #expect(end.wasStopped && end.state == .queued)
    }
    try await with(bench) { dispatcher, _, ends in
      _ = try await dispatcher.cancel(left[0], reason: "enough")
      #expect(await ends.first { $0.number == left[1] }.state == .succeeded)
    }
  }

  @Test func aScheduleFiresByItself() async throws {
    var job = Bench.scripted("item 0 count")
    job.schedules = [ScheduleSpec(name: "tick", expressions: ["@every 1s"])]
    try await with(Bench(), [job]) { _, scheduler, ends in
      let first = await ends.first { $0.job == "job" }
      let second = await ends.first { $0.job == "job" && $0.number != first.number }
      #expect(first.state == .succeeded && second.state == .succeeded)
      #expect(scheduler.heartbeat.lateness.count >= 2)
      #expect(scheduler.heartbeat.problem == nil)
    }
  }
}

/// Ends of runs, waited for.
final class Ends: Sendable {
  private let all = Mutex<[RunEnd]>([])
  private let stream = AsyncStream<Void>.makeStream()

  func add(_ end: RunEnd) {
    all.withLock { $0.append(end) }
    stream.continuation.yield()
  }

  func first(where isIt: (RunEnd) -> Bool) async -> RunEnd {
    var iterator = stream.stream.makeAsyncIterator()
    while true {
      if let found = all.withLock({ $0.first(where: isIt) }) { return found }
      await iterator.next()
    }
  }

  /// Lets others go on until it is so.
  func until(_ isSo: () async -> Bool) async { while !(await isSo()) { await Task.yield() } }
}
