package import JobModel

/// A schedule's number in the store: stays with it as long as its job and name do.
package struct ScheduleNumber: Hashable, Comparable, Sendable {
  package var raw: Int64
  package init(raw: Int64) { self.raw = raw }
  package static func < (left: Self, right: Self) -> Bool { left.raw < right.raw }
}

/// One due instant of a schedule. Several times of one DST gap come due at the same moment; `slot` tells them apart.
package struct InstantKey: Hashable, Comparable, Sendable {
  package var dueAt: Timestamp
  /// 0, but for the second and later ones of the same moment.
  package var slot: Int

  package init(_ dueAt: Timestamp, slot: Int = 0) {
    self.dueAt = dueAt
    self.slot = slot
  }

  package static func < (left: Self, right: Self) -> Bool { (left.dueAt, left.slot) < (right.dueAt, right.slot) }
}

/// A schedule of a job file, to be kept in the store.
package struct NewSchedule: Hashable, Sendable {
  package var job: String
  /// The spec's own.
  package var name: String
  /// The spec as `text(of:)` writes it; of many schedules a part of one buffer.
  package var spec: ArraySlice<UInt8>

  package init(job: String, name: String, spec: ArraySlice<UInt8>) {
    self.job = job
    self.name = name
    self.spec = spec
  }

  /// Throws `io` for a spec that has no text.
  package init(job: String, spec: ScheduleSpec) throws(StoreError) {
    self.init(job: job, name: spec.name, spec: try Self.text(of: spec)[...])
  }
}

/// A schedule in force, without what is said in its job file.
package struct ScheduleStanding: Hashable, Sendable {
  package var number: ScheduleNumber
  /// As in `ScheduleRecord`.
  package var since: Timestamp
  package var judgedUpTo: InstantKey?

  package init(number: ScheduleNumber, since: Timestamp, judgedUpTo: InstantKey?) {
    self.number = number
    self.since = since
    self.judgedUpTo = judgedUpTo
  }
}

/// The schedules in force beside those that are wanted.
package struct ScheduleComparison: Sendable {
  /// Of each that is wanted: how the store has it; nil: it is new to the store, or says something else there.
  package var same: [ScheduleStanding?]
  /// Those in force that are not wanted, or not as they are.
  package var others: [ScheduleRecord]
  /// Setting them would change nothing.
  package var isSame: Bool { others.isEmpty && same.allSatisfy { $0 != nil } }
}

/// A schedule as it stands in the store.
package struct ScheduleRecord: Hashable, Sendable {
  package var number: ScheduleNumber
  package var job: String
  package var spec: ScheduleSpec
  /// When a daemon first saw it (in its present form): earlier instants are not its own.
  package var since: Timestamp
  /// Every due instant from `since` to this one has its row in the ledger; nil: none has come due.
  package var judgedUpTo: InstantKey?
  /// No job file has it any more since then; nil: it is in force.
  package var retiredAt: Timestamp?

  package init(
    number: ScheduleNumber, job: String, spec: ScheduleSpec, since: Timestamp, judgedUpTo: InstantKey?, retiredAt: Timestamp?
  ) {
    self.number = number
    self.job = job
    self.spec = spec
    self.since = since
    self.judgedUpTo = judgedUpTo
    self.retiredAt = retiredAt
  }

  package var standing: ScheduleStanding { ScheduleStanding(number: number, since: since, judgedUpTo: judgedUpTo) }
}

/// What a schedule said before it was changed.
package struct PastRule: Hashable, Sendable {
  package var schedule: ScheduleNumber
  package var spec: ScheduleSpec
  /// Its instants from the first to the second are in the ledger.
  package var since: Timestamp
  package var judgedUpTo: Timestamp

  package init(schedule: ScheduleNumber, spec: ScheduleSpec, since: Timestamp, judgedUpTo: Timestamp) {
    self.schedule = schedule
    self.spec = spec
    self.since = since
    self.judgedUpTo = judgedUpTo
  }
}

/// What was decided about one due instant, or about a stretch of consecutive ones that share a fate without a run.
package struct Judgement: Sendable {
  package var schedule: ScheduleNumber
  package var first: InstantKey
  /// Equal to `first` when it is about one.
  package var last: InstantKey
  /// Due instants from `first` to `last`, both included.
  package var count: Int
  package var fate: InstantFate
  package var judgedAt: Timestamp
  /// For people, where the fate does not say all.
  package var note: String?
  /// The run that it starts, recorded in the same transaction: there exactly when `fate.hasRun`.
  package var run: NewRun?
  /// Of a backfilled instant: the stretch that it lies in, if any, counts it. Not so where the schedule said otherwise then.
  package var isCounted: Bool

  package init(
    schedule: ScheduleNumber, first: InstantKey, last: InstantKey? = nil, count: Int = 1, fate: InstantFate,
    judgedAt: Timestamp, note: String? = nil, run: NewRun? = nil, isCounted: Bool = true
  ) {
    self.schedule = schedule
    self.first = first
    self.last = last ?? first
    self.count = count
    self.fate = fate
    self.judgedAt = judgedAt
    self.note = note
    self.run = run
    self.isCounted = isCounted
  }
}

/// What became of a judgement.
package enum JudgementReceipt: Hashable, Sendable {
  /// It is in the ledger; with the number of its run, if it has one.
  case recorded(RunNumber?)
  /// The ledger has an instant of that schedule there, or a later one: nothing was recorded, and no run.
  case alreadyJudged
}

/// A row of the instant ledger: one instant, or a stretch, which stands for all due instants of its schedule from `first` to
/// `last` that have no row of their own.
package struct InstantRecord: Hashable, Sendable {
  package var schedule: ScheduleNumber
  package var job: String
  package var scheduleName: String
  package var first: InstantKey
  package var last: InstantKey
  package var isStretch: Bool
  /// Instants that it stands for.
  package var count: Int
  package var fate: InstantFate
  package var judgedAt: Timestamp
  package var note: String?
  /// nil: none, or pruned since.
  package var run: RunID?

  package init(
    schedule: ScheduleNumber, job: String, scheduleName: String, first: InstantKey, last: InstantKey, isStretch: Bool,
    count: Int, fate: InstantFate, judgedAt: Timestamp, note: String?, run: RunID?
  ) {
    self.schedule = schedule
    self.job = job
    self.scheduleName = scheduleName
    self.first = first
    self.last = last
    self.isStretch = isStretch
    self.count = count
    self.fate = fate
    self.judgedAt = judgedAt
    self.note = note
    self.run = run
  }

  package var cursor: InstantCursor { InstantCursor(key: first, schedule: schedule, isStretch: isStretch) }
}

/// A row's place in the ledger's listing.
package struct InstantCursor: Hashable, Comparable, Sendable {
  package var key: InstantKey
  package var schedule: ScheduleNumber
  package var isStretch: Bool

  package init(key: InstantKey, schedule: ScheduleNumber, isStretch: Bool) {
    self.key = key
    self.schedule = schedule
    self.isStretch = isStretch
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.key, left.schedule, left.isStretch ? 1 : 0) < (right.key, right.schedule, right.isStretch ? 1 : 0)
  }
}

/// Which rows of the ledger to list: those that touch `from` (inclusive) … `to` (exclusive).
package struct InstantQuery: Sendable {
  package var job: String?
  package var from: Timestamp?
  package var to: Timestamp?
  /// Empty: any.
  package var fates: [InstantFate] = []
  /// Otherwise newest first.
  package var isOldestFirst = false
  /// Only rows that come behind this one in the listing's order: the page after the one that ended with it.
  package var cursor: InstantCursor?
  /// 1 … 1,000. Default 50.
  package var limit = 50

  package init(job: String? = nil, from: Timestamp? = nil, to: Timestamp? = nil, limit: Int = 50) {
    self.job = job
    self.from = from
    self.to = to
    self.limit = limit
  }
}

/// A job's pause.
package struct PauseRecord: Hashable, Sendable {
  package var job: String
  package var since: Timestamp
  /// Why, and by whom; empty when nobody said.
  package var note: String

  package init(job: String, since: Timestamp, note: String) {
    self.job = job
    self.since = since
    self.note = note
  }
}
