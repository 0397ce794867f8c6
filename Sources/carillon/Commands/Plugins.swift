import ArgumentParser

/// `carillon plugins …`.
struct Plugins: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, check and begin plugins.", subcommands: [PluginsList.self, PluginsCheck.self, PluginsNew.self],
    defaultSubcommand: PluginsList.self)
}
