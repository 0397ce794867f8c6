package import JobModel
package import Store

/// What a new set of jobs changed, by name.
package struct JobChanges: Hashable, Sendable {
  package var added: [String]
  package var changed: [String]
  package var removed: [String]

  package init(added: [String] = [], changed: [String] = [], removed: [String] = []) {
    self.added = added
    self.changed = changed
    self.removed = removed
  }
}

/// A due instant that is to come.
package struct Upcoming: Hashable, Sendable {
  package var job: String
  package var schedule: String
  package var key: InstantKey
  /// Of the schedule.
  package var zone: String
  /// Seconds east of UTC that the zone's clocks show then.
  package var offset: Int

  package init(job: String, schedule: String, key: InstantKey, zone: String, offset: Int) {
    self.job = job
    self.schedule = schedule
    self.key = key
    self.zone = zone
    self.offset = offset
  }
}

/// A stretch of time to run a job for.
package struct BackfillOptions: Hashable, Sendable {
  /// Inclusive.
  package var from: Timestamp
  /// Exclusive; not in the future.
  package var to: Timestamp
  /// Say what would be run, and run nothing.
  package var isPlan = false
  /// Runs at once. Default 1.
  package var parallel = 1
  /// Newest first.
  package var isReverse = false
  /// Only this schedule of the job; nil: all.
  package var schedule: String?

  package init(from: Timestamp, to: Timestamp) {
    self.from = from
    self.to = to
  }
}

/// What a backfill does, or did.
package struct BackfillResult: Hashable, Sendable {
  /// One due instant without a run so far.
  package struct Instant: Hashable, Sendable {
    package var schedule: String
    package var key: InstantKey
    /// Why it had none; nil: the ledger does not know it.
    package var fate: InstantFate?
    /// The run that was made; nil in a plan.
    package var run: RunID?
  }

  /// In the order of their runs.
  package var instants: [Instant]
  /// Instants of the stretch that have a run already, and are left alone.
  package var alreadyRun: Int
}
