package import JobModel

// The JSON objects of the control API and of `--json`, as docs/manual.md lists them: keys in snake case, instants in ISO 8601 with
// milliseconds, absent where there is nothing to say. Fields are added, never renamed or removed.

/// A run.
package struct RunDocument: Codable, Hashable, Sendable {
  /// Items by state, and what else was counted.
  package struct Counts: Codable, Hashable, Sendable {
    package var total = 0
    package var available = 0
    package var retrying = 0
    package var succeeded = 0
    package var skipped = 0
    package var dead = 0
    package var poisoned = 0
    package var cancelled = 0
    package var duplicateKeys = 0
    package var staleOutcomes = 0

    package init() {}
  }

  package var id: String
  package var job: String
  package var plugin: String
  /// A `RunState` by name.
  package var state: String
  /// A `Trigger`.
  package var trigger: String
  package var isPlan: Bool
  package var onlyKeys: [String]?
  package var createdAt: String
  /// It stays queued until then.
  package var notBefore: String?
  /// The instant that it stands for.
  package var dueAt: String?
  package var startedAt: String?
  package var finishedAt: String?
  package var isDiscovered: Bool
  package var error: String?
  package var report: JSONValue?
  package var counts: Counts
  package var config: JSONValue?
  /// Its log's file, on the daemon's machine. Lists leave it out.
  package var log: String?
  /// Events that its plugin emitted, counted up to 1,000. Lists leave it out.
  package var eventCount: Int?

  package init(
    id: String, job: String, plugin: String, state: String, trigger: String, isPlan: Bool, createdAt: String,
    isDiscovered: Bool, counts: Counts
  ) {
    self.id = id
    self.job = job
    self.plugin = plugin
    self.state = state
    self.trigger = trigger
    self.isPlan = isPlan
    self.createdAt = createdAt
    self.isDiscovered = isDiscovered
    self.counts = counts
  }
}

/// Something that happened in a run.
package enum RunEvent: Codable, Hashable, Sendable {
  case progress(RunProgressDocument)
  case log(LogDocument)
  case ended(RunDocument)
}

/// How far a run is.
package struct RunProgressDocument: Codable, Hashable, Sendable {
  package var run: String
  package var job: String
  package var state: String
  package var counts: RunDocument.Counts
  /// Items with workers at this moment; also counted as available or retrying.
  package var inFlight: Int
  package var workers: Int
  package var isDiscovered: Bool
  /// Items that ended since this daemon took the run up, and how long ago that was: a rate.
  package var endedHere: Int
  package var elapsedS: Double
  /// What it waits for, when it waits.
  package var waitsFor: String?

  package init(
    run: String, job: String, state: String, counts: RunDocument.Counts, inFlight: Int, workers: Int, isDiscovered: Bool,
    endedHere: Int, elapsedS: Double, waitsFor: String?
  ) {
    self.run = run
    self.job = job
    self.state = state
    self.counts = counts
    self.inFlight = inFlight
    self.workers = workers
    self.isDiscovered = isDiscovered
    self.endedHere = endedHere
    self.elapsedS = elapsedS
    self.waitsFor = waitsFor
  }
}
