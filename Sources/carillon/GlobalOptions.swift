import ArgumentParser

/// What every command takes.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: .customLong("state-dir"),
    help: ArgumentHelp(
      "Where runs are kept.",
      discussion: "Default: $CARILLON_STATE, or /var/lib/carillon for root, or $XDG_STATE_HOME/carillon.",
      valueName: "dir"), completion: .directory)
  var stateFolder: String?

  @Option(
    name: .customLong("socket"),
    help: ArgumentHelp(
      "The daemon's socket.",
      discussion: "Default: $CARILLON_SOCKET, or carillon.sock in the state directory, or /run/carillon/carillon.sock.",
      valueName: "path"), completion: .file())
  var socket: String?

  @Option(
    name: [.customLong("jobs-dir"), .customLong("jobs")],
    help: ArgumentHelp(
      "Where job files are.", discussion: "Default: $CARILLON_JOBS, or ./jobs if it is there, or /etc/carillon/jobs.",
      valueName: "dir"), completion: .directory)
  var jobsFolder: String?

  @Option(
    name: [.customLong("plugins-dir"), .customLong("plugins")],
    help: ArgumentHelp(
      "Where plugins are; may be given several times.",
      discussion: "Default: $CARILLON_PLUGINS (separated by colons), and what came with the program.", valueName: "dir"),
    completion: .directory)
  var pluginFolders: [String] = []

  @Flag(name: .long, help: "Print JSON on standard output, and nothing else there.")
  var json = false

  @Flag(name: [.short, .long], help: "Say more, the causes of errors among it.")
  var verbose = false

  @Flag(name: .customLong("no-color"), help: "Print without colours; so does $NO_COLOR.")
  var noColor = false

  var console: Console { Console(usesColor: !noColor) }
}
