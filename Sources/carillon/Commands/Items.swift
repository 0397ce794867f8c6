import ArgumentParser

/// `carillon items` and `carillon items show`.
struct Items: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "items", abstract: "List items, or show one.",
    subcommands: [ItemsList.self, ItemShow.self],
    defaultSubcommand: ItemsList.self)
}
