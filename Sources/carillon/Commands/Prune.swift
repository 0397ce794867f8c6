import ArgumentParser
import ControlAPI

/// Removes what is old.
struct Prune: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Remove old runs and items, with their logs and artifacts, and old rows of the instant ledger.",
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

  @Option(help: ArgumentHelp("Remove rows of the instant ledger after this long.", valueName: "age"))
  var instants = "180d"

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    do throws(ControlError) { _ = try PruneAges(request) } catch { throw ValidationError(error.message) }
  }

  private var request: PruneRequest {
    var request = PruneRequest()
    request.dryRun = isDryRun
    request.succeededItemsAfter = succeededItems
    request.runsAfter = runs
    request.failedRunsAfter = failedRuns
    request.instantsAfter = instants
    return request
  }

  func run() async throws {
    let result = try await Installation(global).control().prune(request)
    if global.json { return try global.console.print(json: result) }
    if global.verbose { for run in result.runs { try global.console.print(run) } }
    let ledger = result.instants == 0 ? "" : ", and \(Words.count(result.instants, "row")) of the instant ledger"
    try global.console.print(
      "\(isDryRun ? "would remove" : "removed") \(Words.count(result.runs.count, "run")) and "
        + "\(Words.count(result.items, "item")) of other runs\(ledger)")
  }
}
