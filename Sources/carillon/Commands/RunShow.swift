import ArgumentParser
import ControlAPI
import Foundation
import JobModel

/// Everything that is known of one run.
struct RunShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show everything that is known of a run.")

  @Argument(help: "The run: its id, a part of it, or \"last\".", completion: .runs)
  var run: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let control = try Installation(global).control()
    var document = try await control.run(run)
    let artifacts = try await control.artifacts(document.id)
    let (log, eventCount) = (document.log, document.eventCount)
    (document.log, document.eventCount) = (nil, nil)
    if global.json {
      return try global.console.print(
        json: Document(run: document, artifacts: artifacts, log: log, eventCount: eventCount))
    }
    var request = ItemsRequest()
    request.run = document.id
    request.states = [ItemState.dead.name, ItemState.poisoned.name]
    request.limit = 5
    let failures = document.counts.failed == 0 ? [] : try await control.items(request).items
    for line in lines(document, artifacts, failures, log: log) { try global.console.print(line) }
  }

  private struct Document: Encodable {
    var run: RunDocument
    var artifacts: [ArtifactDocument]
    var log: String?
    var eventCount: Int?
  }

  private func lines(_ run: RunDocument, _ artifacts: [ArtifactDocument], _ failures: [ItemDocument], log: String?) -> [String]
  {
    let now = Timestamp.systemNow()
    var lines = [
      "run        \(run.id)", "job        \(run.job)" + (run.isPlan ? " (plan: nothing is done)" : ""),
      "plugin     \(Words.printable(run.plugin))", "state      \(run.stateWords)",
      "trigger    \(run.trigger)", "created    \(Words.instant(run.createdAt, now: now))",
    ]
    if let due = run.dueAt { lines.append("due        \(Words.instant(due, now: now))") }
    if let start = run.notBefore, run.state == RunState.queued.name {
      lines.append("begins     \(Words.instant(start, now: now))")
    }
    if let start = run.startedAt { lines.append("started    \(Words.instant(start, now: now))") }
    if let end = run.finishedAt {
      lines.append("finished   \(Words.instant(end, now: now))" + (run.took.map { ", after \(Words.duration($0))" } ?? ""))
    }
    if let keys = run.onlyKeys { lines.append("only       \(Words.printable(keys.joined(separator: ", ")))") }
    if let error = run.error { lines.append("reason     \(Words.printable(error))") }
    let counts = run.counts
    lines.append("items      \(Words.count(counts.total))" + (run.isDiscovered ? "" : " so far"))
    for state in ItemState.allCases where counts[state] > 0 {
      lines.append("           \(Words.count(counts[state])) \(state.name)")
    }
    if counts.duplicateKeys > 0 { lines.append("           \(Words.count(counts.duplicateKeys)) keys named again, ignored") }
    if counts.staleOutcomes > 0 { lines.append("           \(Words.count(counts.staleOutcomes)) outcomes too late, dropped") }
    for item in failures {
      lines.append("failed     \(Words.printable(item.key)): \(Words.printable(item.reason ?? item.state))")
    }
    lines += section("report", run.report) + section("config", run.config)
    lines += artifacts.map { "artifact   \(Words.printable($0.path))" }
    return lines + (log.map { ["log        \(Words.printable($0))"] } ?? [])
  }

  private func section(_ head: String, _ value: JSONValue?) -> [String] {
    guard let value, value != .object([:]) else { return [] }
    return JSONText.pretty(value).enumerated().map { index, line in
      (index == 0 ? head.padding(toLength: 11, withPad: " ", startingAt: 0) : String(repeating: " ", count: 11))
        + Words.printable(line)
    }
  }
}
