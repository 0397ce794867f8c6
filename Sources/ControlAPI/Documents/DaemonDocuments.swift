/// How the daemon is.
package struct StatusDocument: Codable, Hashable, Sendable {
  package var version: String
  package var pid: Int
  package var startedAt: String
  /// `starting`, `ready`, `degraded` (see `problems`), `draining`.
  package var state: String
  /// What is wrong, one line each: the store's check, job files that were refused at the last reload, an open breaker.
  package var problems: [String]
  package var stateFolder: String
  package var jobsFolder: String
  package var jobs: Int
  package var pausedJobs: Int
  package var schedules: Int
  package var nextDueAt: String?
  package var activeRuns: [RunProgressDocument]
  package var queuedRuns: Int
  package var workers: [WorkerDocument]
  package var store: StoreDocument

  package init(
    version: String, pid: Int, startedAt: String, state: String, problems: [String], stateFolder: String, jobsFolder: String,
    jobs: Int, pausedJobs: Int, schedules: Int, nextDueAt: String?, activeRuns: [RunProgressDocument], queuedRuns: Int,
    workers: [WorkerDocument], store: StoreDocument
  ) {
    self.version = version
    self.pid = pid
    self.startedAt = startedAt
    self.state = state
    self.problems = problems
    self.stateFolder = stateFolder
    self.jobsFolder = jobsFolder
    self.jobs = jobs
    self.pausedJobs = pausedJobs
    self.schedules = schedules
    self.nextDueAt = nextDueAt
    self.activeRuns = activeRuns
    self.queuedRuns = queuedRuns
    self.workers = workers
    self.store = store
  }
}

/// A plugin host process.
package struct WorkerDocument: Codable, Hashable, Sendable {
  package var pid: Int
  package var job: String
  package var plugin: String
  /// It waits for work.
  package var isIdle: Bool

  package init(pid: Int, job: String, plugin: String, isIdle: Bool) {
    self.pid = pid
    self.job = job
    self.plugin = plugin
    self.isIdle = isIdle
  }
}

/// The store's size and pace.
package struct StoreDocument: Codable, Hashable, Sendable {
  package var bytes: Int
  package var walBytes: Int
  package var commits: Int
  /// Half of the commits, and 99 of 100, took no longer (to a factor of two).
  package var commitP50Ms: Double
  package var commitP99Ms: Double

  package init(bytes: Int, walBytes: Int, commits: Int, commitP50Ms: Double, commitP99Ms: Double) {
    self.bytes = bytes
    self.walBytes = walBytes
    self.commits = commits
    self.commitP50Ms = commitP50Ms
    self.commitP99Ms = commitP99Ms
  }
}

/// What a reload changed, jobs by name.
package struct ReloadDocument: Codable, Hashable, Sendable {
  package var jobs: Int
  package var added: [String]
  package var changed: [String]
  package var removed: [String]

  package init(jobs: Int, added: [String], changed: [String], removed: [String]) {
    self.jobs = jobs
    self.added = added
    self.changed = changed
    self.removed = removed
  }
}

/// What a reload of plugins set in motion.
package struct PluginsReloadDocument: Codable, Hashable, Sendable {
  /// Idle workers that were ended.
  package var ended: Int
  /// Workers that end when they have finished what they have.
  package var draining: Int

  package init(ended: Int, draining: Int) {
    self.ended = ended
    self.draining = draining
  }
}

package struct BackupDocument: Codable, Hashable, Sendable {
  package var file: String
  package var bytes: Int

  package init(file: String, bytes: Int) {
    self.file = file
    self.bytes = bytes
  }
}

package struct PruneDocument: Codable, Hashable, Sendable {
  package var dryRun: Bool
  /// Removed runs by id.
  package var runs: [String]
  /// Items removed of other runs.
  package var items: Int
  /// Rows removed of the instant ledger.
  package var instants: Int

  package init(dryRun: Bool, runs: [String], items: Int, instants: Int) {
    self.dryRun = dryRun
    self.runs = runs
    self.items = items
    self.instants = instants
  }
}

/// What a backfill does, or did.
package struct BackfillDocument: Codable, Hashable, Sendable {
  /// One due instant of it.
  package struct Instant: Codable, Hashable, Sendable {
    package var schedule: String
    package var dueAt: String
    /// Why it has no run so far (an `InstantFate` by name); nil: the ledger does not know it.
    package var fate: String?
    /// The run that was made; nil in a plan.
    package var run: String?

    package init(schedule: String, dueAt: String, fate: String?, run: String?) {
      self.schedule = schedule
      self.dueAt = dueAt
      self.fate = fate
      self.run = run
    }
  }

  package var job: String
  package var isPlan: Bool
  /// In the order of their runs.
  package var instants: [Instant]
  /// Instants of the stretch that have a run already, and are left alone.
  package var alreadyRun: Int

  package init(job: String, isPlan: Bool, instants: [Instant], alreadyRun: Int) {
    self.job = job
    self.isPlan = isPlan
    self.instants = instants
    self.alreadyRun = alreadyRun
  }
}
