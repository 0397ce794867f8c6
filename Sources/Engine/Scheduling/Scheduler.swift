package import JobModel
package import Store

/// Judges due instants and makes runs; in a daemon nobody else makes runs.
package actor Scheduler {
  package nonisolated let heartbeat = Heartbeat()

  package init(
    store: any Store & ScheduleStore, dispatcher: any RunQueue, time: any TimeSource = SystemTimeSource(),
    timer: any WallTimer = SystemWallTimer()
  ) {}

  /// Takes up runs that were left behind, judges what went by, and arms. Called once, before `run`.
  package func begin(_ jobs: [JobDefinition]) async throws(EngineError) {}

  /// Judges what comes due until its task is cancelled.
  package func run() async throws(EngineError) {}

  /// Has the loop of `run` take a turn, so that `heartbeat.last` moves on: for a watchdog.
  package nonisolated func poke() {}

  /// Makes these the jobs in force, all of them or, when it throws, none. What came due so far is judged first.
  package func replace(_ jobs: [JobDefinition]) async throws(EngineError) -> JobChanges { JobChanges() }

  /// Records a run of a job, perhaps with overrides of its configuration. Throws `state` when the overlap policy says no.
  package func trigger(
    _ job: JobDefinition, _ options: RunOptions, notBefore: Timestamp? = nil, overlap: OverlapPolicy = .queueAll
  ) async throws(EngineError) -> RunRecord { throw EngineError(.state, "the scheduler has not begun") }

  /// Takes up a run that a person resumes or retries: one that is `queued`, or may become so again.
  package func takeUp(_ run: RunRecord) async throws(EngineError) {}

  /// Pauses a job: its instants are judged as `paused` from now on.
  package func pause(_ job: String, note: String) async throws(EngineError) -> PauseRecord {
    throw EngineError(.state, "the scheduler has not begun")
  }

  /// Ends a job's pause and makes up for its instants as `afterPause` says. nil: it was not paused.
  package func endPause(_ job: String) async throws(EngineError) -> (pause: PauseRecord, caughtUp: Int)? { nil }

  /// Makes, or plans, runs for the due instants of a stretch that have none. Throws `state` for an unknown job or schedule, a
  /// stretch that ends in the future, and one with more than 10,000 such instants.
  package func backfill(_ job: String, _ options: BackfillOptions) async throws(EngineError) -> BackfillResult {
    throw EngineError(.state, "the scheduler has not begun")
  }

  /// What is due next, of one job or of all, soonest first.
  package func upcoming(job: String?, limit: Int) -> [Upcoming] { [] }
  /// Those in force, by name.
  package var jobs: [JobDefinition] { [] }
  package func job(_ name: String) -> JobDefinition? { nil }
  /// Pauses in force, by job.
  package var pauses: [PauseRecord] { [] }
  /// Runs of the job that have not ended.
  package func unfinished(_ job: String) -> Int { 0 }
  /// Schedules in force.
  package var scheduleCount: Int { 0 }
}
