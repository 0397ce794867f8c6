package import JobModel

/// A job in force.
package struct JobDocument: Codable, Hashable, Sendable {
  package var name: String
  package var summary: String
  package var plugin: String
  /// Where its file is.
  package var file: String?
  package var overlap: String
  package var catchUp: String
  package var schedules: [ScheduleDocument]
  /// nil: it is not paused.
  package var pause: PauseDocument?
  /// The soonest due instant of its schedules.
  package var nextDueAt: String?
  /// Runs that have not ended.
  package var unfinishedRuns: Int
  package var lastRun: RunDocument?
  /// Lists leave it out.
  package var config: JSONValue?

  package init(
    name: String, summary: String, plugin: String, overlap: String, catchUp: String, schedules: [ScheduleDocument],
    unfinishedRuns: Int
  ) {
    self.name = name
    self.summary = summary
    self.plugin = plugin
    self.overlap = overlap
    self.catchUp = catchUp
    self.schedules = schedules
    self.unfinishedRuns = unfinishedRuns
  }
}

/// A schedule of a job.
package struct ScheduleDocument: Codable, Hashable, Sendable {
  package var name: String
  package var expressions: [String]
  package var zone: String
  package var dst: String
  /// In English.
  package var summary: String
  package var nextDueAt: String?

  package init(name: String, expressions: [String], zone: String, dst: String, summary: String, nextDueAt: String?) {
    self.name = name
    self.expressions = expressions
    self.zone = zone
    self.dst = dst
    self.summary = summary
    self.nextDueAt = nextDueAt
  }
}

/// A job's pause.
package struct PauseDocument: Codable, Hashable, Sendable {
  package var job: String
  package var since: String
  package var note: String
  /// On its end: what was made up for.
  package var caughtUp: Int?

  package init(job: String, since: String, note: String, caughtUp: Int? = nil) {
    self.job = job
    self.since = since
    self.note = note
    self.caughtUp = caughtUp
  }
}

/// A row of the instant ledger: one due instant, or a stretch of them that share a fate without a run.
package struct InstantDocument: Codable, Hashable, Sendable {
  package var job: String
  package var schedule: String
  package var dueAt: String
  /// 0, but for the second and later times of one DST gap.
  package var slot: Int
  /// Of a stretch: the last one's.
  package var lastDueAt: String?
  package var count: Int
  /// An `InstantFate` by name.
  package var fate: String
  package var judgedAt: String
  package var note: String?
  package var run: String?
  /// Names the row, for `before`.
  package var cursor: String

  package init(
    job: String, schedule: String, dueAt: String, slot: Int, lastDueAt: String?, count: Int, fate: String, judgedAt: String,
    note: String?, run: String?, cursor: String
  ) {
    self.job = job
    self.schedule = schedule
    self.dueAt = dueAt
    self.slot = slot
    self.lastDueAt = lastDueAt
    self.count = count
    self.fate = fate
    self.judgedAt = judgedAt
    self.note = note
    self.run = run
    self.cursor = cursor
  }
}

/// A due instant that is to come.
package struct UpcomingDocument: Codable, Hashable, Sendable {
  package var job: String
  package var schedule: String
  package var dueAt: String
  /// In the schedule's zone, with its offset.
  package var localTime: String

  package init(job: String, schedule: String, dueAt: String, localTime: String) {
    self.job = job
    self.schedule = schedule
    self.dueAt = dueAt
    self.localTime = localTime
  }
}

/// Something that is wrong in a job file.
package struct FindingDocument: Codable, Hashable, Sendable {
  /// `error` or `warning`.
  package var severity: String
  package var file: String
  package var line: Int?
  package var column: Int?
  package var key: String?
  package var job: String?
  package var message: String

  package init(severity: String, file: String, message: String) {
    self.severity = severity
    self.file = file
    self.message = message
  }
}
