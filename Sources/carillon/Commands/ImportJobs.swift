import ArgumentParser

/// `carillon import …`.
struct ImportJobs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Turn crontabs and systemd timers into job files.",
    subcommands: [ImportCrontab.self, ImportSystemdTimer.self])
}

/// Where imported jobs go, and what stands in their way.
struct ImportOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where job files are written.", discussion: "Default: the job folder.", valueName: "dir"),
    completion: .directory)
  var output: String?

  @Flag(name: .customLong("dry-run"), help: "Print the job files; write none.")
  var isDryRun = false

  @Flag(name: .customLong("skip-broken"), help: "Leave out what cannot be read, and write the rest.")
  var skipsBroken = false
}
