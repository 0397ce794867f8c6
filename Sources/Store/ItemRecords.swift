package import JobModel

/// How items are added to a run.
package struct InsertOptions: Sendable {
  package var at: Timestamp
  /// The discovery's new checkpoint; nil: unchanged.
  package var checkpoint: [UInt8]?
  /// The job's name and policy when keys are deduplicated across runs.
  package var unique: (job: String, policy: UniquePolicy)?

  package init(at: Timestamp, checkpoint: [UInt8]? = nil, unique: (job: String, policy: UniquePolicy)? = nil) {
    self.at = at
    self.checkpoint = checkpoint
    self.unique = unique
  }
}

/// What became of items that were added.
package struct InsertReceipt: Sendable {
  /// New items, the skipped ones among them.
  package var inserted: Int
  /// Keys that the run had already.
  package var duplicateKeys: Int
  /// New items set aside because another run of the job has their key.
  package var skipped: Int
  /// The lowest new place; nil when nothing was inserted.
  package var firstID: ItemID?
  /// Whether any new item has a priority other than 0.
  package var hasPriorities: Bool

  package init(inserted: Int, duplicateKeys: Int, skipped: Int, firstID: ItemID?, hasPriorities: Bool) {
    self.inserted = inserted
    self.duplicateKeys = duplicateKeys
    self.skipped = skipped
    self.firstID = firstID
    self.hasPriorities = hasPriorities
  }
}

/// Which available items to read.
package struct ReadyQuery: Sendable {
  /// Items of a run form three lanes, read one after another: above 0 by priority, 0 in the order of discovery, below 0.
  package enum Lane: Sendable {
    /// Priority above 0; highest first, then by place. Not paged: reads from the top.
    case urgent
    /// Priority 0, by place, after `after`.
    case normal
    /// Priority below 0; highest first, then by place. Not paged: reads from the top.
    case low
  }

  package var run: RunNumber
  package var lane: Lane
  package var after: ItemID
  package var limit: Int
  package var maxBytes: Int

  package init(run: RunNumber, lane: Lane, after: ItemID, limit: Int, maxBytes: Int) {
    self.run = run
    self.lane = lane
    self.after = after
    self.limit = limit
    self.maxBytes = maxBytes
  }
}

/// Outcomes as the engine judged them, to be recorded in one go.
package struct RecordedOutcomes: Sendable {
  package struct Entry: Sendable {
    package var item: ItemID
    /// Attempts charged that the item must have; else the entry is stale.
    package var expectedAttempts: Int32
    /// One of succeeded, skipped, retrying, dead, poisoned, cancelled, or available (given back with nothing charged).
    package var state: ItemState
    /// Charged after this attempt.
    package var attempts: Int32
    package var deaths: Int32
    /// When a retrying item is due.
    package var dueAt: Timestamp?
    /// Why the attempt did not end the item; nil for one that did.
    package var cause: RetryCause?
    package var startedAt: Timestamp
    package var durationMicroseconds: Int64
    /// The process that tried it; 0 when none did.
    package var workerPID: Int32
    package var reason: ByteRange
    package var output: ByteRange
    package var effect: ByteRange

    package init(
      item: ItemID, expectedAttempts: Int32, state: ItemState, attempts: Int32, deaths: Int32, dueAt: Timestamp?,
      cause: RetryCause?, startedAt: Timestamp, durationMicroseconds: Int64, workerPID: Int32, reason: ByteRange,
      output: ByteRange, effect: ByteRange
    ) {
      self.item = item
      self.expectedAttempts = expectedAttempts
      self.state = state
      self.attempts = attempts
      self.deaths = deaths
      self.dueAt = dueAt
      self.cause = cause
      self.startedAt = startedAt
      self.durationMicroseconds = durationMicroseconds
      self.workerPID = workerPID
      self.reason = reason
      self.output = output
      self.effect = effect
    }
  }

  /// An event that an item emitted; stored if its item's entry is.
  package struct Event: Sendable {
    package var item: ItemID
    package var type: ByteRange
    package var json: ByteRange

    package init(item: ItemID, type: ByteRange, json: ByteRange) {
      self.item = item
      self.type = type
      self.json = json
    }
  }

  package var run: RunNumber
  package var at: Timestamp
  package var bytes: [UInt8]
  package var entries: [Entry]
  package var events: [Event]
  /// The job whose claims dead letters give back; nil when keys are unique in a run only.
  package var uniqueJob: String?

  package init(
    run: RunNumber, at: Timestamp, bytes: [UInt8] = [], entries: [Entry] = [], events: [Event] = [], uniqueJob: String? = nil
  ) {
    self.run = run
    self.at = at
    self.bytes = bytes
    self.entries = entries
    self.events = events
    self.uniqueJob = uniqueJob
  }
}

package struct RecordReceipt: Sendable {
  package var recorded: Int
  /// Items whose entries were dropped because they had moved on.
  package var stale: [ItemID]

  package init(recorded: Int, stale: [ItemID]) {
    self.recorded = recorded
    self.stale = stale
  }
}

/// Which items to list.
package struct ItemQuery: Sendable {
  package var run: RunNumber?
  /// Empty: any.
  package var states: [ItemState] = []
  /// The page after the one that ended with it.
  package var after: ItemID?
  /// 1 … 10,000. Default 50.
  package var limit = 50

  package init(run: RunNumber? = nil, states: [ItemState] = [], after: ItemID? = nil, limit: Int = 50) {
    self.run = run
    self.states = states
    self.after = after
    self.limit = limit
  }
}

/// An item as it stands in the store.
package struct ItemRecord: Sendable {
  package var id: ItemID
  package var key: String
  package var payload: [UInt8]
  package var state: ItemState
  package var priority: Int
  /// Attempts charged.
  package var attempts: Int
  package var deaths: Int
  /// When a retrying item is due.
  package var dueAt: Timestamp?
  /// Of the last try; nil before any.
  package var startedAt: Timestamp?
  package var duration: Duration?
  package var workerPID: Int
  package var reason: String?
  package var output: String?
  package var effect: String?

  package init(
    id: ItemID, key: String, payload: [UInt8], state: ItemState, priority: Int, attempts: Int, deaths: Int,
    dueAt: Timestamp?, startedAt: Timestamp?, duration: Duration?, workerPID: Int, reason: String?, output: String?,
    effect: String?
  ) {
    self.id = id
    self.key = key
    self.payload = payload
    self.state = state
    self.priority = priority
    self.attempts = attempts
    self.deaths = deaths
    self.dueAt = dueAt
    self.startedAt = startedAt
    self.duration = duration
    self.workerPID = workerPID
    self.reason = reason
    self.output = output
    self.effect = effect
  }
}

/// One try of an item that did not end it.
package struct AttemptRecord: Sendable {
  /// 1 for the item's first try, charged or not.
  package var ordinal: Int
  /// The attempt number that the plugin saw.
  package var attempt: Int
  package var cause: RetryCause
  package var startedAt: Timestamp
  package var duration: Duration
  package var workerPID: Int
  package var reason: String

  package init(
    ordinal: Int, attempt: Int, cause: RetryCause, startedAt: Timestamp, duration: Duration, workerPID: Int, reason: String
  ) {
    self.ordinal = ordinal
    self.attempt = attempt
    self.cause = cause
    self.startedAt = startedAt
    self.duration = duration
    self.workerPID = workerPID
    self.reason = reason
  }
}

/// An item, its earlier tries, and which run it belongs to.
package struct ItemDetail: Sendable {
  package var item: ItemRecord
  /// Tries that did not end it, oldest first; the last try of an ended item is in `item`. At most the newest 200.
  package var attempts: [AttemptRecord]

  package init(item: ItemRecord, attempts: [AttemptRecord]) {
    self.item = item
    self.attempts = attempts
  }
}

/// Which failed items a person tries again.
package struct RetrySelection: Sendable {
  /// nil: every failed item of the run.
  package var keys: [String]?
  /// New payloads by key.
  package var payloads: [String: [UInt8]] = [:]
  package var at: Timestamp

  package init(keys: [String]? = nil, payloads: [String: [UInt8]] = [:], at: Timestamp) {
    self.keys = keys
    self.payloads = payloads
    self.at = at
  }
}
