package import ControlAPI
package import Engine
import Foundation
import JobModel
package import Store

extension RunDocument {
  /// - Parameter isWhole: with the report and the configuration, which lists leave out.
  package init(_ run: RunRecord, isWhole: Bool) {
    self.init(
      id: run.id.text, job: run.job.name, plugin: run.job.plugin, state: run.state.name, trigger: run.trigger.rawValue,
      isPlan: run.isPlan, createdAt: run.createdAt.iso8601, isDiscovered: run.isDiscovered, counts: Counts(run.counts))
    onlyKeys = run.onlyKeys
    notBefore = run.notBefore?.iso8601
    dueAt = run.dueAt?.iso8601
    startedAt = run.startedAt?.iso8601
    finishedAt = run.finishedAt?.iso8601
    error = run.error
    report = isWhole ? StoredJSON.value(run.report) : nil
    config = isWhole ? run.job.config : nil
  }
}

extension RunDocument.Counts {
  package init(_ counts: ItemCounts) {
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
  /// A run under way.
  package init(run: String, job: String, _ progress: RunProgress) {
    self.init(
      run: run, job: job, state: progress.state.name, counts: .init(progress.counts), inFlight: progress.inFlight,
      workers: progress.workers, isDiscovered: progress.isDiscovered, endedHere: progress.endedHere,
      elapsedS: progress.elapsed.inSeconds, waitsFor: progress.waitsFor)
  }

  /// A run that waits.
  package init(waiting run: RunRecord) {
    let notBefore = run.notBefore.map { "\($0.iso8601)" }
    self.init(
      run: run.id.text, job: run.job.name, state: run.state.name, counts: .init(run.counts), inFlight: 0, workers: 0,
      isDiscovered: run.isDiscovered, endedHere: 0, elapsedS: 0, waitsFor: notBefore ?? "its turn")
  }
}

extension LogDocument {
  package init(_ line: LogLine) {
    self.init(
      at: line.at.iso8601, level: line.level, item: line.item, pid: line.pid, source: line.source, message: line.message)
  }
}

extension ArtifactDocument {
  package init(_ artifact: ArtifactRecord, folder: String) {
    self.init(
      name: artifact.name, mediaType: artifact.mediaType, bytes: artifact.bytes, createdAt: artifact.createdAt.iso8601,
      path: "\(folder)/\(artifact.name)")
  }
}

/// JSON texts of the store.
enum StoredJSON {
  /// As a value; text that is no JSON becomes a string.
  static func value(_ text: String?) -> JSONValue? {
    guard let text, !text.isEmpty else { return nil }
    do {
      return try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    } catch {
      return .string(text)  // a plugin may have said anything
    }
  }
}
