import ArgumentParser
import ControlAPI

/// Has the daemon read its job files anew.
struct Reload: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reload", abstract: "Have the daemon take up its job files anew, all of them or none.",
    discussion: "One file with an error leaves the old set in force, and the error is named.")

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let result = try await Installation(global).control().reload()
    if global.json { return try global.console.print(json: result) }
    for (word, names) in [("added", result.added), ("changed", result.changed), ("removed", result.removed)]
    where !names.isEmpty {
      try global.console.print("\(word): \(Words.list(names))")
    }
    let isSame = result.added.isEmpty && result.changed.isEmpty && result.removed.isEmpty
    try global.console.print("\(Words.count(result.jobs, "job")) in force\(isSame ? ", as before" : "")")
  }
}
