import ArgumentParser

/// `carillon item show`.
struct Item: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Show one item.", subcommands: [ItemShow.self])
}
