package import JobModel
package import Store

/// How far a run is, for display.
package struct RunProgress: Sendable {
  package var state: RunState
  package var counts: ItemCounts
  /// Items with workers at this moment; also counted as available or retrying in `counts`.
  package var inFlight: Int
  package var workers: Int
  /// The discovery has named all items: `counts.total` grows no more, but for fan-out.
  package var isDiscovered: Bool
  /// Items that ended since this engine took the run up, and for how long it has had it: a rate.
  package var endedHere: Int
  package var elapsed: Duration
  /// What the run waits for, when it waits: an open breaker, the next retry. nil when it works.
  package var waitsFor: String?

  package init(state: RunState, counts: ItemCounts) {
    self.state = state
    self.counts = counts
    inFlight = 0
    workers = 0
    isDiscovered = false
    endedHere = 0
    elapsed = .zero
  }
}

/// How a run left the engine.
package struct RunResult: Sendable {
  package var record: RunRecord
  /// It was stopped before its end and stands ready to be resumed.
  package var wasStopped: Bool
}

/// What a person or an event asks of a new run.
package struct RunOptions: Sendable {
  package var trigger: Trigger = .manual
  /// The JSON document of an event; empty when none.
  package var event: String = ""
  package var isPlan = false
  /// nil: every item.
  package var onlyKeys: [String]?

  package init() {}
}

/// One line of a run's log.
package struct LogLine: Sendable, Codable {
  package var at: Timestamp
  package var level: String
  /// The item's key; nil for the run's own lines.
  package var item: String?
  /// The worker that said it; 0 for the engine.
  package var pid: Int
  /// `log` (the plugin's logger), `stdout`, `stderr`, `engine`.
  package var source: String
  package var message: String

  package init(at: Timestamp, level: String, item: String?, pid: Int, source: String, message: String) {
    self.at = at
    self.level = level
    self.item = item
    self.pid = pid
    self.source = source
    self.message = message
  }
}
