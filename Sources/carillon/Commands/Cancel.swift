import ArgumentParser
import ControlAPI
import JobModel

/// Ends a run before its end.
struct Cancel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "End a run; its items that have not ended are cancelled.",
    discussion:
      "Works on a run that another carillon has under way, and on one that was stopped. It cannot be resumed afterwards.")

  @Argument(help: "The run: its id, a part of it, or \"last\".", completion: .runs)
  var run: String

  @Option(help: "Why, for those who look at the run later.")
  var reason = "cancelled by a person"

  @OptionGroup var global: GlobalOptions

  /// How long workers that have items may take to let them go.
  private static let patience = Duration.seconds(30)

  func run() async throws {
    let control = try Installation(global).control()
    let ended = try await end(of: try await control.cancel(run, reason: reason), control)
    if global.json { return try global.console.print(json: ["run": ended]) }
    try global.console.print("run \(ended.id) is cancelled; \(Words.count(ended.counts.cancelled, "item")) had not ended")
  }

  /// A daemon answers when the run has been told; it ends when its workers have let go.
  private func end(of run: RunDocument, _ control: any Control) async throws -> RunDocument {
    var run = run
    let deadline = ContinuousClock.now + Self.patience
    while !run.hasEnded {
      guard ContinuousClock.now < deadline else {
        throw CommandError(
          .temporary,
          "run \(run.id) was told to end and has not within \(Words.duration(Self.patience)); see \"carillon run show \(run.id)\""
        )
      }
      try await Task.sleep(for: .milliseconds(100))
      run = try await control.run(run.id)
    }
    (run.report, run.config, run.log, run.eventCount) = (nil, nil, nil, nil)
    guard run.runState == .cancelled else {
      throw CommandError(.invalidData, "run \(run.id) came to its end before it could be cancelled: \(run.stateWords)")
    }
    return run
  }
}
