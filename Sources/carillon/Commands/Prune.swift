import ArgumentParser
import Engine
import Foundation
import JobFiles
import JobModel
import Store

/// Removes what is old.
struct Prune: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Remove old runs and items, with their logs and artifacts.",
    discussion: "Runs that have not ended are never touched. Ages count from a run's end.")

  @Flag(name: .customLong("dry-run"), help: "Say what would be removed, and remove nothing.")
  var isDryRun = false

  @Option(
    name: .customLong("succeeded-items"), help: ArgumentHelp("Remove succeeded items after this long.", valueName: "age"))
  var succeededItems = "7d"

  @Option(help: ArgumentHelp("Remove runs without failed items after this long.", valueName: "age"))
  var runs = "30d"

  @Option(
    name: .customLong("failed-runs"), help: ArgumentHelp("Remove runs with failed items after this long.", valueName: "age"))
  var failedRuns = "180d"

  @OptionGroup var global: GlobalOptions

  func validate() throws { _ = try policy() }

  private func policy() throws -> PrunePolicy {
    func age(_ text: String, _ option: String) throws -> Duration {
      guard let age = DurationText.parse(text) else {
        throw ValidationError("\(option) must be a duration as 7d or 12h, is \"\(text)\"")
      }
      return age
    }
    var policy = PrunePolicy()
    policy.succeededItemsAfter = try age(succeededItems, "--succeeded-items")
    policy.runsAfter = try age(runs, "--runs")
    policy.failedRunsAfter = try age(failedRuns, "--failed-runs")
    return policy
  }

  private struct Document: Encodable {
    var dryRun: Bool
    var runs: [String]
    var items: Int
  }

  func run() async throws {
    let installation = Installation(global)
    let result = isDryRun ? try await preview(installation) : try await prune(installation)
    if global.json { return try global.console.print(json: result) }
    if global.verbose { for run in result.runs { try global.console.print(run) } }
    try global.console.print(
      "\(isDryRun ? "would remove" : "removed") \(Words.count(result.runs.count, "run")) and "
        + "\(Words.count(result.items, "item")) of other runs")
  }

  private func preview(_ installation: Installation) async throws -> Document {
    let store = try installation.reader()
    let policy = try policy()
    let now = Timestamp.systemNow()
    var result = Document(dryRun: true, runs: [], items: 0)
    var query = RunQuery(states: RunState.allCases.filter(\.isFinal), limit: 1_000)
    while true {
      let page = try await store.runs(query)
      for run in page {
        guard let end = run.finishedAt else { continue }
        let age = now - end
        if age > (run.counts.failed > 0 ? policy.failedRunsAfter : policy.runsAfter) {
          result.runs.append(run.id.text)
        } else if age > policy.succeededItemsAfter {
          for state in [ItemState.succeeded, .skipped] where run.counts[state] > 0 {
            result.items += try await count(state, of: run, store)
          }
        }
      }
      guard page.count == query.limit, let last = page.last else { return result }
      query.before = last.number
    }
  }

  /// Items that are still there; a run's own counts stay when its items have gone.
  private func count(_ state: ItemState, of run: RunRecord, _ store: SQLiteStore) async throws -> Int {
    try await store.countItems(run: run.number)[state]
  }

  private func prune(_ installation: Installation) async throws -> Document {
    let engine = try await installation.engine()
    let policy = try policy()
    var result = Document(dryRun: false, runs: [], items: 0)
    do {
      while true {
        let receipt = try await engine.store.prune(policy, at: .systemNow())
        result.items += receipt.items
        for run in receipt.removedRuns {
          result.runs.append(run.text)
          try Self.removeFiles(of: run, engine.paths)
        }
        if receipt.runs == 0 && receipt.items == 0 { break }
      }
      try await engine.close()
    } catch {
      do { try await engine.close() } catch { StandardStream.error.write("carillon: closing the store: \(error)\n") }
      throw CommandError(error)
    }
    return result
  }

  private static func removeFiles(of run: RunID, _ paths: EnginePaths) throws(CommandError) {
    for path in [paths.log(of: run), paths.artifacts(of: run)] where access(path, F_OK) == 0 {
      do {
        try FileManager.default.removeItem(atPath: path)
      } catch {
        throw CommandError(.storage, "cannot remove \(path): \(error.localizedDescription)")
      }
    }
  }
}
