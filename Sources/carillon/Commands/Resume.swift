import ArgumentParser
import ControlAPI
import Engine
import Store

/// Takes up a run that was stopped, broke, or was left behind.
struct Resume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with a run that was stopped, failed, or was left behind by a crash.",
    discussion: "The run goes on with the job as it was when it began, and with the items that have not ended.")

  @Argument(help: "The run: its id, a part of it, or \"last\".", completion: .runs)
  var run: String

  @Flag(name: .shortAndLong, help: "Print the run's log as it grows.")
  var follow = false

  @Flag(help: "Run it in this process even where a daemon listens.")
  var here = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let reference = run
    try await RunSession(
      installation: Installation(global), console: global.console, isJSON: global.json, follows: follow, isHere: here
    ).run { control in
      try await control.resume(reference)
    } embedded: { engine in
      try await engine.resume(try await engine.store.run(reference: reference))
    }
  }
}
