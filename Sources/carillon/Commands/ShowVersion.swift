import ArgumentParser

/// `carillon version`.
struct ShowVersion: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

  @OptionGroup var global: GlobalOptions

  func run() throws {
    if global.json { return try global.console.print(json: ["version": Version.text]) }
    try global.console.print("carillon \(Version.text)")
  }
}
