import ControlAPI
import Engine
import JobFiles
import JobModel
import Store

// Records of the store, and what the engine says, as the documents of the control API.

extension RunDocument {
  /// - Parameter isWhole: with the report and the configuration, which lists leave out.
  init(_ run: RunRecord, isWhole: Bool) {
    self.init(
      id: run.id.text, job: run.job.name, plugin: run.job.plugin, state: run.state.name, trigger: run.trigger.rawValue,
      isPlan: run.isPlan, createdAt: run.createdAt.iso8601, isDiscovered: run.isDiscovered, counts: Counts(run.counts))
    onlyKeys = run.onlyKeys
    notBefore = run.notBefore?.iso8601
    dueAt = run.dueAt?.iso8601
    startedAt = run.startedAt?.iso8601
    finishedAt = run.finishedAt?.iso8601
    error = run.error
    report = isWhole ? JSONOutput.value(run.report) : nil
    config = isWhole ? run.job.config : nil
  }
}

extension RunDocument.Counts {
  init(_ counts: ItemCounts) {
    self.init()
    total = counts.total
    available = counts.available
    retrying = counts.retrying
    succeeded = counts.succeeded
    skipped = counts.skipped
    dead = counts.dead
    poisoned = counts.poisoned
    cancelled = counts.cancelled
    duplicateKeys = counts.duplicateKeys
    staleOutcomes = counts.staleOutcomes
  }
}

extension RunProgressDocument {
  init(_ progress: RunProgress, run: RunID, job: String) {
    self.init(
      run: run.text, job: job, state: progress.state.name, counts: RunDocument.Counts(progress.counts),
      inFlight: progress.inFlight, workers: progress.workers, isDiscovered: progress.isDiscovered,
      endedHere: progress.endedHere, elapsedS: progress.elapsed.inSeconds, waitsFor: progress.waitsFor)
  }
}

extension ItemDocument {
  /// - Parameter isWhole: with the payload, which lists leave out.
  init(_ item: ItemRecord, run: String?, isWhole: Bool) {
    self.init(
      id: item.id.raw, key: item.key, state: item.state.name, priority: item.priority, attempts: item.attempts,
      deaths: item.deaths)
    self.run = run
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

extension AttemptDocument {
  init(_ attempt: AttemptRecord) {
    self.init(
      ordinal: attempt.ordinal, attempt: attempt.attempt, cause: attempt.cause.name, startedAt: attempt.startedAt.iso8601,
      durationS: attempt.duration.inSeconds, workerPid: attempt.workerPID == 0 ? nil : attempt.workerPID,
      reason: attempt.reason)
  }
}

extension ArtifactDocument {
  init(_ artifact: ArtifactRecord, folder: String) {
    self.init(
      name: artifact.name, mediaType: artifact.mediaType, bytes: artifact.bytes, createdAt: artifact.createdAt.iso8601,
      path: "\(folder)/\(artifact.name)")
  }
}

extension LogDocument {
  init(_ line: LogLine) {
    self.init(
      at: line.at.iso8601, level: line.level, item: line.item, pid: line.pid, source: line.source, message: line.message)
  }
}

extension InstantDocument {
  init(_ row: InstantRecord) {
    self.init(
      job: row.job, schedule: row.scheduleName, dueAt: row.first.dueAt.iso8601, slot: row.first.slot,
      lastDueAt: row.isStretch ? row.last.dueAt.iso8601 : nil, count: row.count, fate: row.fate.name,
      judgedAt: row.judgedAt.iso8601, note: row.note, run: row.run?.text, cursor: InstantCursorText.write(row.cursor))
  }
}

extension PauseDocument {
  init(_ pause: PauseRecord) { self.init(job: pause.job, since: pause.since.iso8601, note: pause.note) }
}

extension FindingDocument {
  init(_ finding: JobFinding) {
    self.init(severity: finding.isError ? "error" : "warning", file: finding.file, message: finding.message)
    line = finding.mark?.line
    column = finding.mark?.column
    key = finding.key.isEmpty ? nil : finding.key
    job = finding.job
  }

  /// `jobs/a.yaml:3:5: retry.base: message`, the form that editors and compilers use.
  var text: String {
    let place = line.map { "\(file):\($0):\(column ?? 1)" } ?? file
    return "\(place): \(severity == "error" ? "" : "\(severity): ")\(key.map { "\($0): " } ?? "")\(message)"
  }
}

/// A row's place in the ledger, as `before` takes it.
enum InstantCursorText {
  static func write(_ cursor: InstantCursor) -> String {
    "\(cursor.key.dueAt.microseconds).\(cursor.key.slot).\(cursor.schedule.raw).\(cursor.isStretch ? 1 : 0)"
  }

  /// nil for what is none.
  static func read(_ text: String) -> InstantCursor? {
    let parts = text.split(separator: ".").compactMap { Int64($0) }
    guard parts.count == 4 else { return nil }
    return InstantCursor(
      key: InstantKey(Timestamp(microseconds: parts[0]), slot: Int(clamping: parts[1])),
      schedule: ScheduleNumber(raw: parts[2]), isStretch: parts[3] == 1)
  }
}
