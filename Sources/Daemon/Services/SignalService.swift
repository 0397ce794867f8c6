internal import Engine
internal import Logging
internal import ServiceLifecycle
internal import UnixSignals

/// What tells the daemon to do something from outside its socket. SIGTERM and SIGINT: the first drains, the second ends runs at once. SIGHUP: job files are taken up anew.
struct SignalService: Service {
  /// Made before anything else, so that a signal during the start is not lost.
  let signals: UnixSignalsSequence
  /// Other reasons to end, for people.
  let ends: AsyncStream<String>
  let life: Life
  let dispatcher: RunDispatcher
  let reload: @Sendable () -> Void
  let logger: Logger

  func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for await signal in signals {
          if signal == .sighup {
            reload()
          } else if life.isEnding {
            logger.notice("\(signal) once more: runs are ended at once")
            for active in await dispatcher.active() { active.run.stopNow() }
          } else {
            await life.end(because: "\(signal)")
          }
        }
      }
      group.addTask { for await reason in ends { await life.end(because: reason) } }
      // Signals count until the last: this service ends when all others have.
      try await gracefulShutdown()
      group.cancelAll()
    }
  }
}
