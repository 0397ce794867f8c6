import ArgumentParser

/// `carillon plugins …`.
struct Plugins: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugins", abstract: "List, check, begin and reload plugins.",
    subcommands: [PluginsList.self, PluginsCheck.self, PluginsNew.self, PluginsReload.self],
    defaultSubcommand: PluginsList.self)
}
