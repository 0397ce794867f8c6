import ArgumentParser
import ControlAPI

/// Ends a run before its end.
struct Cancel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "End a run; its items that have not ended are cancelled.",
    discussion:
      "Works on a run that another carillon has under way, and on one that was stopped. It cannot be resumed afterwards.")

  @Argument(help: "The run: its id, a part of it, or \"last\".", completion: .runs)
  var run: String

  @Option(help: "Why, for those who look at the run later.")
  var reason = "cancelled by a person"

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let ended = try await Installation(global).control().cancel(run, reason: reason)
    if global.json { return try global.console.print(json: ["run": ended]) }
    try global.console.print("run \(ended.id) is cancelled; \(Words.count(ended.counts.cancelled, "item")) had not ended")
  }
}
