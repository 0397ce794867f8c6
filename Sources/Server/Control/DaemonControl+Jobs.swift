import Foundation
package import ControlAPI
import Cron
import Engine
import JobFiles
import JobModel
import Store
import WorkerPool

extension DaemonControl {
  package func jobs(_ request: JobsRequest) async throws(ControlError) -> JobsPage {
    let limit = min(max(request.limit, 1), 1_000)
    let page = try await inEngine { () throws(EngineError) in
      try await scheduler.jobs(after: request.after, limit: limit + 1, isPaused: request.isPaused)
    }
    var documents: [JobDocument] = []
    for job in page.prefix(limit) { documents.append(try await document(of: job, isWhole: false)) }
    return JobsPage(jobs: documents, next: page.count > limit ? documents.last?.name : nil)
  }

  package func job(_ name: String) async throws(ControlError) -> JobDocument {
    guard let job = try await inEngine({ () throws(EngineError) in try await scheduler.standing(of: name) }) else {
      throw await unknown(name)
    }
    return try await document(of: job, isWhole: true)
  }

  private func document(of standing: JobStanding, isWhole: Bool) async throws(ControlError) -> JobDocument {
    let (job, next) = (standing.definition, standing.nextDue)
    var document = JobDocument(
      name: job.name, summary: job.summary, plugin: job.plugin, overlap: job.overlap.rawValue,
      catchUp: job.catchUp.backlog.rawValue,
      schedules: job.schedules.map { ScheduleDocument($0, nextDueAt: next[$0.name]?.dueAt.iso8601) },
      unfinishedRuns: scheduler.unfinished(job.name))
    document.file = await source.file(of: job.name)
    document.pause = standing.pause.map { PauseDocument($0) }
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
    var overlap: OverlapPolicy?
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
    let (chosen, begin) = (options, notBefore)
    let policy = overlap ?? (definition.overlap == .allow ? .allow : .queueAll)
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
