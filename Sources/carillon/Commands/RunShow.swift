import ArgumentParser
import Engine
import Foundation
import JobModel
import Store

/// Everything that is known of one run.
struct RunShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Show everything that is known of a run.")

  @Argument(help: "The run: its id, a part of it, or \"last\".")
  var run: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let installation = Installation(global)
    let store = try installation.reader()
    let record = try await store.run(reference: run)
    let artifacts = try await store.artifacts(run: record.number).map {
      ArtifactDocument($0, folder: installation.paths.artifacts(of: record.id))
    }
    let failures = try await store.items(ItemQuery(run: record.number, states: [.dead, .poisoned], limit: 5))
    let events = try await store.events(run: record.number, after: 0, limit: 1_000)
    if global.json {
      return try global.console.print(
        json: Document(
          run: RunDocument(record, isWhole: true), artifacts: artifacts, log: installation.paths.log(of: record.id),
          eventCount: events.count))
    }
    for line in lines(record, artifacts, failures, log: installation.paths.log(of: record.id)) {
      try global.console.print(line)
    }
  }

  private struct Document: Encodable {
    var run: RunDocument
    var artifacts: [ArtifactDocument]
    var log: String
    var eventCount: Int
  }

  private func lines(_ run: RunRecord, _ artifacts: [ArtifactDocument], _ failures: [ItemRecord], log: String) -> [String] {
    let now = Timestamp.systemNow()
    var lines = [
      "run        \(run.id)", "job        \(run.job.name)" + (run.isPlan ? " (plan: nothing is done)" : ""),
      "plugin     \(Words.printable(run.job.plugin))", "state      \(Words.state(run.state))",
      "trigger    \(run.trigger.rawValue)", "created    \(Words.instant(run.createdAt, now: now))",
    ]
    if let start = run.startedAt { lines.append("started    \(Words.instant(start, now: now))") }
    if let end = run.finishedAt {
      lines.append(
        "finished   \(Words.instant(end, now: now)), after \(Words.duration(end - (run.startedAt ?? run.createdAt)))")
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
      lines.append("failed     \(Words.printable(item.key)): \(Words.printable(item.reason ?? item.state.name))")
    }
    lines += section("report", JSONOutput.value(run.report)) + section("config", run.job.config)
    lines += artifacts.map { "artifact   \(Words.printable($0.path))" }
    return lines + ["log        \(log)"]
  }

  private func section(_ head: String, _ value: JSONValue?) -> [String] {
    guard let value, value != .object([:]) else { return [] }
    return JSONText.pretty(value).enumerated().map { index, line in
      (index == 0 ? head.padding(toLength: 11, withPad: " ", startingAt: 0) : String(repeating: " ", count: 11))
        + Words.printable(line)
    }
  }
}
