package import JobModel
package import Store

/// Runs that wait and runs under way: at most `limit` at once, by priority, one after another within a job unless they run beside.
package actor RunDispatcher: RunQueue {
  /// A run under way.
  package struct Active: Sendable {
    package var job: String
    package var run: ActiveRun
  }

  package nonisolated let places = JobPlaces()
  private let engine: Engine

  /// `limit`: runs under way at once. `timer` waits for runs that may not begin before an instant.
  package init(
    engine: Engine, limit: Int = 16, time: any TimeSource = SystemTimeSource(), timer: any WallTimer = SystemWallTimer()
  ) {
    self.engine = engine
  }

  package func submit(_ runs: [WaitingRun]) {}

  package func cancel(_ run: RunNumber, reason: String) async throws(EngineError) -> RunRecord {
    throw EngineError(.state, "there is no run \(run.raw) to cancel")
  }

  package func clockWasSet() {}

  /// The run of that number, if it is under way.
  package func activeRun(_ number: RunNumber) -> ActiveRun? { nil }
  package func active() -> [Active] { [] }
  /// Runs that wait.
  package var waitingCount: Int { 0 }

  /// Calls `listener` after each run's end, on any thread; it must return quickly.
  package func onEnd(_ listener: @escaping @Sendable (RunEnd) -> Void) {}

  /// Starts runs until it is drained. Called once.
  package func run() async {}

  /// Nothing new begins; runs under way are stopped so that they can be resumed, after `grace` at once. Returns when all have.
  package func drain(grace: Duration) async {}
}
