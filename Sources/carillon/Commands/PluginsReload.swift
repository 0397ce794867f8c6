import ArgumentParser
import ControlAPI

/// Has the daemon replace workers that have a plugin loaded.
struct PluginsReload: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reload", abstract: "Have the daemon load plugins anew: new workers take the library as it is now.",
    discussion: "Workers that have items finish them first. A library that has changed is taken up by new workers in any case.")

  @Argument(help: "Only this plugin, by the name that jobs use. Default: all.")
  var plugin: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let result = try await Installation(global).control().reloadPlugins(plugin)
    if global.json { return try global.console.print(json: result) }
    try global.console.print(
      "\(Words.count(result.ended, "idle worker")) ended, \(Words.count(result.draining, "worker")) to end after what they have"
    )
  }
}
