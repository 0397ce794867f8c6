import ArgumentParser

/// `carillon run JOB` and `carillon run show RUN`.
struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a job, or show a run.",
    subcommands: [RunJob.self, RunShow.self], defaultSubcommand: RunJob.self)
}
