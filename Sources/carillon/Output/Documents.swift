import Engine
import JobFiles
import JobModel
import Store
import WorkerPool

// The JSON objects of `--json`, as docs/manual.md lists them. Fields are added, never renamed or removed.

/// A run.
struct RunDocument: Encodable {
  struct Counts: Encodable {
    var total, available, retrying, succeeded, skipped, dead, poisoned, cancelled, duplicateKeys, staleOutcomes: Int
  }

  var id: String
  var job: String
  var plugin: String
  var state: String
  var trigger: String
  var isPlan: Bool
  var onlyKeys: [String]?
  var createdAt: String
  var startedAt: String?
  var finishedAt: String?
  var isDiscovered: Bool
  var error: String?
  var report: JSONValue?
  var counts: Counts
  var config: JSONValue?

  /// - Parameter isWhole: with the report and the configuration, which lists leave out.
  init(_ run: RunRecord, isWhole: Bool) {
    id = run.id.text
    job = run.job.name
    plugin = run.job.plugin
    state = run.state.name
    trigger = run.trigger.rawValue
    isPlan = run.isPlan
    onlyKeys = run.onlyKeys
    createdAt = run.createdAt.iso8601
    startedAt = run.startedAt?.iso8601
    finishedAt = run.finishedAt?.iso8601
    isDiscovered = run.isDiscovered
    error = run.error
    report = isWhole ? JSONOutput.value(run.report) : nil
    config = isWhole ? run.job.config : nil
    let tally = run.counts
    counts = Counts(
      total: tally.total, available: tally.available, retrying: tally.retrying, succeeded: tally.succeeded,
      skipped: tally.skipped, dead: tally.dead, poisoned: tally.poisoned, cancelled: tally.cancelled,
      duplicateKeys: tally.duplicateKeys, staleOutcomes: tally.staleOutcomes)
  }
}

/// An item.
struct ItemDocument: Encodable {
  var id: Int64
  var run: String?
  var key: String
  var state: String
  var priority: Int
  var attempts: Int
  var deaths: Int
  var dueAt: String?
  var startedAt: String?
  var durationS: Double?
  var workerPid: Int?
  var reason: String?
  var output: JSONValue?
  var effect: JSONValue?
  var payload: JSONValue?

  init(_ item: ItemRecord, run: String?, isWhole: Bool) {
    id = item.id.raw
    self.run = run
    key = item.key
    state = item.state.name
    priority = item.priority
    attempts = item.attempts
    deaths = item.deaths
    dueAt = item.dueAt?.iso8601
    startedAt = item.startedAt?.iso8601
    durationS = item.duration?.inSeconds
    workerPid = item.workerPID == 0 ? nil : item.workerPID
    reason = item.reason
    output = JSONOutput.value(item.output)
    effect = JSONOutput.value(item.effect)
    payload = isWhole ? JSONOutput.value(String(decoding: item.payload, as: UTF8.self)) : nil
  }
}

/// One try of an item that did not end it.
struct AttemptDocument: Encodable {
  var ordinal: Int
  var attempt: Int
  var cause: String
  var startedAt: String
  var durationS: Double
  var workerPid: Int?
  var reason: String

  init(_ attempt: AttemptRecord) {
    ordinal = attempt.ordinal
    self.attempt = attempt.attempt
    cause = attempt.cause.name
    startedAt = attempt.startedAt.iso8601
    durationS = attempt.duration.inSeconds
    workerPid = attempt.workerPID == 0 ? nil : attempt.workerPID
    reason = attempt.reason
  }
}

/// A file that a run left.
struct ArtifactDocument: Encodable {
  var name: String
  var mediaType: String
  var bytes: Int64
  var createdAt: String
  var path: String

  init(_ artifact: ArtifactRecord, folder: String) {
    name = artifact.name
    mediaType = artifact.mediaType
    bytes = artifact.bytes
    createdAt = artifact.createdAt.iso8601
    path = "\(folder)/\(artifact.name)"
  }
}

/// A line of a run's log.
struct LogDocument: Encodable {
  var type = "log"
  var at: String
  var level: String
  var item: String?
  var pid: Int
  var source: String
  var message: String

  init(_ line: LogLine) {
    at = line.at.iso8601
    level = line.level
    item = line.item
    pid = line.pid
    source = line.source
    message = line.message
  }
}

/// Something that is wrong in a job file.
struct FindingDocument: Encodable {
  var severity: String
  var file: String
  var line: Int?
  var column: Int?
  var key: String?
  var job: String?
  var message: String

  init(_ finding: JobFinding) {
    severity = finding.isError ? "error" : "warning"
    file = finding.file
    line = finding.mark?.line
    column = finding.mark?.column
    key = finding.key.isEmpty ? nil : finding.key
    job = finding.job
    message = finding.message
  }
}
