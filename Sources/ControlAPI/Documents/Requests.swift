package import JobModel

/// How a job is to be run.
package struct TriggerRequest: Codable, Hashable, Sendable {
  /// Keys of the plugin's configuration, dotted, with their values, as `--set` takes them, in order.
  package var set: [String]?
  package var plan: Bool?
  /// Only items of these keys.
  package var only: [String]?
  /// Not before this instant (ISO 8601, with offset).
  package var at: String?
  /// An `OverlapPolicy`; default: `queueAll`, what a person asks for is done; `allow` for a job that has it.
  package var overlap: String?
  /// The document of an event, for the plugin; the run's trigger is then `event`.
  package var event: JSONValue?

  package init(
    set: [String]? = nil, plan: Bool? = nil, only: [String]? = nil, at: String? = nil, overlap: String? = nil,
    event: JSONValue? = nil
  ) {
    self.event = event
    self.set = set
    self.plan = plan
    self.only = only
    self.at = at
    self.overlap = overlap
  }
}

/// A stretch of time to run a job for.
package struct BackfillRequest: Codable, Hashable, Sendable {
  /// ISO 8601 with offset; inclusive.
  package var from: String
  /// Exclusive; not in the future.
  package var to: String
  /// Say what would be run, and run nothing.
  package var plan: Bool?
  /// Runs at once. Default 1.
  package var parallel: Int?
  /// Newest first.
  package var reverse: Bool?
  /// Only this schedule of the job.
  package var schedule: String?

  package init(
    from: String, to: String, plan: Bool? = nil, parallel: Int? = nil, reverse: Bool? = nil, schedule: String? = nil
  ) {
    self.from = from
    self.to = to
    self.plan = plan
    self.parallel = parallel
    self.reverse = reverse
    self.schedule = schedule
  }
}

/// Which failed items of a run to try again.
package struct RetryRequest: Codable, Hashable, Sendable {
  /// nil: every failed item.
  package var keys: [String]?
  /// New payloads by key: JSON as it is, a string as its text.
  package var payloads: [String: JSONValue]?

  package init(keys: [String]? = nil, payloads: [String: JSONValue]? = nil) {
    self.keys = keys
    self.payloads = payloads
  }
}

/// Ages as job files write durations, `7d`; nil: the default of `PrunePolicy`.
package struct PruneRequest: Codable, Hashable, Sendable {
  package var dryRun: Bool?
  package var succeededItemsAfter: String?
  package var runsAfter: String?
  package var failedRunsAfter: String?
  package var instantsAfter: String?

  package init() {}
}

/// Which runs to list, newest first.
package struct RunsRequest: Hashable, Sendable {
  package var job: String?
  /// By name; empty: any.
  package var states: [String] = []
  /// A run's id: the page after the one that ended with it.
  package var before: String?
  /// 1 … 1,000.
  package var limit = 20

  package init() {}
}

/// Which jobs to list, by name.
package struct JobsRequest: Hashable, Sendable {
  /// Only those that are paused.
  package var isPaused = false
  /// A job's name: the page after the one that ended with it.
  package var after: String?
  /// 1 … 1,000.
  package var limit = 100

  package init() {}
}

/// Which items to list, in the order in which they were named.
package struct ItemsRequest: Hashable, Sendable {
  package var run: String?
  package var states: [String] = []
  /// An item's id: the page after the one that ended with it.
  package var after: Int64?
  /// 1 … 10,000.
  package var limit = 50

  package init() {}
}

/// Which rows of the instant ledger to list, newest first.
package struct InstantsRequest: Hashable, Sendable {
  package var job: String?
  /// ISO 8601 with offset; inclusive, exclusive.
  package var from: String?
  package var to: String?
  package var fates: [String] = []
  /// A row's `cursor`: the page after the one that ended with it.
  package var before: String?
  /// 1 … 1,000.
  package var limit = 50

  package init() {}
}

package struct JobsPage: Codable, Hashable, Sendable {
  package var jobs: [JobDocument]
  /// For `after`; absent on the last page.
  package var next: String?

  package init(jobs: [JobDocument], next: String?) {
    self.jobs = jobs
    self.next = next
  }
}

package struct RunsPage: Codable, Hashable, Sendable {
  package var runs: [RunDocument]
  /// For `before`; absent on the last page.
  package var next: String?

  package init(runs: [RunDocument], next: String?) {
    self.runs = runs
    self.next = next
  }
}

package struct ItemsPage: Codable, Hashable, Sendable {
  package var items: [ItemDocument]
  /// For `after`; absent on the last page.
  package var next: Int64?

  package init(items: [ItemDocument], next: Int64?) {
    self.items = items
    self.next = next
  }
}

package struct InstantsPage: Codable, Hashable, Sendable {
  package var instants: [InstantDocument]
  /// For `before`; absent on the last page.
  package var next: String?

  package init(instants: [InstantDocument], next: String?) {
    self.instants = instants
    self.next = next
  }
}
