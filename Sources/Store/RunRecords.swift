package import JobModel

/// A run to be recorded.
package struct NewRun: Sendable {
  package var id: RunID
  /// The definition as the run will use it, overrides applied.
  package var job: JobDefinition
  package var trigger: Trigger
  /// The JSON document that triggered it; empty when none did.
  package var event: String
  /// Effects are described, not done.
  package var isPlan: Bool
  /// Only items of these keys are worked on; nil: all.
  package var onlyKeys: [String]?
  package var createdAt: Timestamp
  /// It stays queued until then; nil: it may begin at once.
  package var notBefore: Timestamp?
  /// The instant that it stands for; nil for one that no schedule began.
  package var dueAt: Timestamp?
  /// `job` as JSON, where the caller has it from earlier runs: spares encoding it again. nil: the store encodes it.
  package var definitionJSON: String?

  package init(
    id: RunID, job: JobDefinition, trigger: Trigger, event: String = "", isPlan: Bool = false, onlyKeys: [String]? = nil,
    createdAt: Timestamp, notBefore: Timestamp? = nil, dueAt: Timestamp? = nil
  ) {
    self.id = id
    self.job = job
    self.trigger = trigger
    self.event = event
    self.isPlan = isPlan
    self.onlyKeys = onlyKeys
    self.createdAt = createdAt
    self.notBefore = notBefore
    self.dueAt = dueAt
  }
}

/// A run as it stands in the store.
package struct RunRecord: Sendable {
  package var number: RunNumber
  package var id: RunID
  package var job: JobDefinition
  package var trigger: Trigger
  package var event: String
  package var isPlan: Bool
  package var onlyKeys: [String]?
  package var state: RunState
  package var createdAt: Timestamp
  /// It stays queued until then; nil: it may begin at once.
  package var notBefore: Timestamp?
  /// The instant that it stands for; nil for one that no schedule began.
  package var dueAt: Timestamp?
  /// When it first left `queued`; nil before.
  package var startedAt: Timestamp?
  /// When it ended; nil before.
  package var finishedAt: Timestamp?
  /// The discovery named all items; it is not run again.
  package var isDiscovered: Bool
  /// Where a broken discovery goes on; empty at its beginning.
  package var discoveryCheckpoint: [UInt8]
  /// Why the run failed or was cancelled; nil otherwise.
  package var error: String?
  /// The plugin's report, a JSON object; nil before.
  package var report: String?
  package var counts: ItemCounts

  package init(
    number: RunNumber, id: RunID, job: JobDefinition, trigger: Trigger, event: String, isPlan: Bool, onlyKeys: [String]?,
    state: RunState, createdAt: Timestamp, notBefore: Timestamp? = nil, dueAt: Timestamp? = nil, startedAt: Timestamp?,
    finishedAt: Timestamp?, isDiscovered: Bool, discoveryCheckpoint: [UInt8], error: String?, report: String?,
    counts: ItemCounts
  ) {
    self.number = number
    self.id = id
    self.job = job
    self.trigger = trigger
    self.event = event
    self.isPlan = isPlan
    self.onlyKeys = onlyKeys
    self.state = state
    self.createdAt = createdAt
    self.notBefore = notBefore
    self.dueAt = dueAt
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.isDiscovered = isDiscovered
    self.discoveryCheckpoint = discoveryCheckpoint
    self.error = error
    self.report = report
    self.counts = counts
  }
}

/// Items of a run by state, and what else was counted. Kept with the run in the transactions that change items.
package struct ItemCounts: Hashable, Sendable, Codable {
  package var available = 0
  package var retrying = 0
  package var succeeded = 0
  package var skipped = 0
  package var dead = 0
  package var poisoned = 0
  package var cancelled = 0
  /// Keys that were named again and ignored. Not items.
  package var duplicateKeys = 0
  /// Outcomes that came too late and were dropped. Not items.
  package var staleOutcomes = 0

  package init() {}

  /// Every item of the run.
  package var total: Int { available + retrying + succeeded + skipped + dead + poisoned + cancelled }
  /// Items in a final state.
  package var ended: Int { succeeded + skipped + dead + poisoned + cancelled }
  /// Dead letters and poisoned items.
  package var failed: Int { dead + poisoned }

  /// The count of one state. `leased` is 0: a single daemon's leases are not in its store.
  package subscript(state: ItemState) -> Int {
    get {
      switch state {
      case .available: available
      case .leased: 0
      case .retrying: retrying
      case .succeeded: succeeded
      case .skipped: skipped
      case .dead: dead
      case .poisoned: poisoned
      case .cancelled: cancelled
      }
    }
    set {
      switch state {
      case .available: available = newValue
      case .leased: break
      case .retrying: retrying = newValue
      case .succeeded: succeeded = newValue
      case .skipped: skipped = newValue
      case .dead: dead = newValue
      case .poisoned: poisoned = newValue
      case .cancelled: cancelled = newValue
      }
    }
  }
}

/// A change of a run's state, and what is recorded with it. nil leaves a column as it is.
package struct RunMove: Sendable {
  package var from: RunState
  package var to: RunState
  package var at: Timestamp
  package var error: String?
  package var report: String?
  /// The discovery is complete.
  package var marksDiscovered = false

  package init(
    from: RunState, to: RunState, at: Timestamp, error: String? = nil, report: String? = nil, marksDiscovered: Bool = false
  ) {
    self.from = from
    self.to = to
    self.at = at
    self.error = error
    self.report = report
    self.marksDiscovered = marksDiscovered
  }
}

/// Which runs to list.
package struct RunQuery: Sendable {
  package var job: String?
  /// Empty: any.
  package var states: [RunState] = []
  /// Only runs of a smaller number: the page after the one that ended with it.
  package var before: RunNumber?
  /// 1 … 1,000. Default 20.
  package var limit = 20

  package init(job: String? = nil, states: [RunState] = [], before: RunNumber? = nil, limit: Int = 20) {
    self.job = job
    self.states = states
    self.before = before
    self.limit = limit
  }
}
