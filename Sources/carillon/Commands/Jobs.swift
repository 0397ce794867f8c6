import ArgumentParser

/// `carillon jobs …`.
struct Jobs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jobs", abstract: "List, check and show jobs.", subcommands: [JobsList.self, JobsCheck.self, JobsShow.self],
    defaultSubcommand: JobsList.self)
}
