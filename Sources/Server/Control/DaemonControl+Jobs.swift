import Foundation
package import ControlAPI
import Cron
import Engine
import JobFiles
import JobModel
import Store
import WorkerPool

extension DaemonControl {
  package func jobs() async throws(ControlError) -> [JobDocument] {
    let paused = Dictionary(await scheduler.pauses.map { ($0.job, $0) }) { first, _ in first }
    let next = await scheduler.nextDue()
    var documents: [JobDocument] = []
    for job in try await inEngine({ () throws(EngineError) in try await scheduler.jobs() }) {
      documents.append(try await document(of: job, paused[job.name], next[job.name] ?? [:], isWhole: false))
    }
    return documents
  }

  package func job(_ name: String) async throws(ControlError) -> JobDocument {
    let job = try await definition(name)
    let next = await scheduler.nextDue()[name] ?? [:]
    return try await document(of: job, await scheduler.pauses.first { $0.job == name }, next, isWhole: true)
  }

  private func document(
    of job: JobDefinition, _ pause: PauseRecord?, _ next: [String: InstantKey], isWhole: Bool
  ) async throws(ControlError) -> JobDocument {
    var document = JobDocument(
      name: job.name, summary: job.summary, plugin: job.plugin, overlap: job.overlap.rawValue,
      catchUp: job.catchUp.backlog.rawValue,
      schedules: job.schedules.map { ScheduleDocument($0, nextDueAt: next[$0.name]?.dueAt.iso8601) },
      unfinishedRuns: scheduler.unfinished(job.name))
    document.file = await source.file(of: job.name)
    document.pause = pause.map { PauseDocument($0) }
    document.nextDueAt = next.values.min()?.dueAt.iso8601
    document.config = isWhole ? job.config : nil
    let query = RunQuery(job: job.name, limit: 1)
    document.lastRun = try await inStore { () throws(StoreError) in try await store.runs(query) }.first
      .map { RunDocument($0, isWhole: false) }
    return document
  }

  package func trigger(_ job: String, _ request: TriggerRequest) async throws(ControlError) -> RunDocument {
    try requireReady()
    var notBefore: Timestamp?
    if let at = request.at {
      guard let instant = Timestamp(iso8601: at) else { throw Self.noInstant("at", at) }
      notBefore = instant
    }
    var overlap = OverlapPolicy.queueAll
    if let name = request.overlap {
      guard let policy = OverlapPolicy(rawValue: name) else {
        throw Self.noWord("overlap", name, OverlapPolicy.allCases.map(\.rawValue))
      }
      overlap = policy
    }
    var options = RunOptions()
    options.isPlan = request.plan ?? false
    options.onlyKeys = request.only.flatMap { $0.isEmpty ? nil : $0 }
    if let event = request.event { (options.event, options.trigger) = (try Self.text(event), .event) }
    let definition = try await overridden(try await definition(job), request.set ?? [])
    let (chosen, begin, policy) = (options, notBefore, overlap)
    let run = try await inEngine { () throws(EngineError) in
      try await scheduler.trigger(definition, chosen, notBefore: begin, overlap: policy)
    }
    return RunDocument(run, isWhole: false)
  }

  /// The job with keys of its configuration set; the plugin is asked about what it then is.
  private func overridden(_ job: JobDefinition, _ texts: [String]) async throws(ControlError) -> JobDefinition {
    guard !texts.isEmpty else { return job }
    var definition = job
    let file = await source.file(of: job.name)
    do throws(JobFileError) {
      for text in texts { definition.config = try ConfigOverride(parsing: text).applied(to: definition.config) }
    } catch {
      throw ControlError(error)
    }
    let checked = definition
    let (manifest, found) = try await inEngine { () throws(EngineError) in try await engine.check(checked) }
    let errors = found.filter(\.isError)
    guard errors.isEmpty else {
      throw ControlError(
        .invalid, "plugin \(manifest.id) does not accept the configuration of job \(job.name) with what was set",
        findings: errors.map { error in
          var finding = FindingDocument(
            severity: "error", file: file, message: error.message)
          finding.key = "config" + error.pointer.replacing("/", with: ".")
          finding.job = job.name
          return finding
        })
    }
    return definition
  }

  /// With sorted keys, as a run keeps it.
  private static func text(_ event: JSONValue) throws(ControlError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do { return String(decoding: try encoder.encode(event), as: UTF8.self) } catch {
      throw ControlError(.invalid, "\"event\" cannot be kept: \(error)")
    }
  }

  static func noInstant(_ key: String, _ value: String) -> ControlError {
    ControlError(.invalid, "\"\(key)\" must be an instant as 2026-11-23T08:00:00Z, is \"\(value.forPeople)\"")
  }

  static func noWord(_ key: String, _ value: String, _ words: [String]) -> ControlError {
    let suggestion = words.nearest(to: value).map { "; did you mean \"\($0)\"?" } ?? ""
    return ControlError(
      .invalid, "\"\(key)\" must be one of \(words.joined(separator: ", ")), is \"\(value.forPeople)\"\(suggestion)")
  }
}
