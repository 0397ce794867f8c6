internal import Engine
internal import JobModel
internal import Logging
internal import Server
internal import ServiceLifecycle

/// The work itself: takes up what was left behind, then judges instants and drives runs until the daemon is told to end, and then
/// brings the runs under way to a halt from which they go on next time.
struct WorkService: Service {
  let scheduler: Scheduler
  let dispatcher: RunDispatcher
  let jobs: FirstJobs
  let drainLimit: Duration
  /// No more work is to be done: the store is damaged.
  let halt: AsyncStream<Void>
  let began: @Sendable () async -> Void
  let logger: Logger

  func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await dispatcher.run() }
      let result: Result<Void, any Error>
      do {
        try await scheduler.begin(jobs.take())
        for lost in await scheduler.lostSchedules { logger.warning("\(lost)") }
        await began()
        FreedMemory.giveBack()
        try await schedule()
        result = .success(())
      } catch {
        logger.error("the scheduler ended: \(error)")
        result = .failure(error)
      }
      await dispatcher.drain(grace: drainLimit)
      try await group.waitForAll()
      if case .success = result { try await gracefulShutdown() }
      try result.get()
    }
  }

  /// Until the daemon is told to end, or no more work is to be done.
  private func schedule() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        do { try await cancelWhenGracefulShutdown { try await scheduler.run() } } catch is CancellationError {}
      }
      group.addTask { for await _ in halt.cancelOnGracefulShutdown() { break } }
      try await group.next()
      group.cancelAll()
      do { try await group.waitForAll() } catch is CancellationError {}
    }
  }
}
