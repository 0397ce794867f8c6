import ArgumentParser

/// `carillon item show`.
struct Item: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "item", abstract: "Show one item.", subcommands: [ItemShow.self])
}
