import ArgumentParser
import Engine
import JobFiles
import JobModel
import WorkerPool

/// Runs a job to its end in this process.
struct RunJob: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "job", abstract: "Run a job to its end, here and now.",
    usage: "carillon run <job> [--set key=value]... [--plan] [--only key]... [--follow] [--json]",
    discussion: """
      Paths in a configuration are the plugin's matter; relative ones are meant from the working directory. Interrupt once to \
      stop so that the run can be resumed, twice to stop at once. "carillon run show RUN" shows a run.
      """)

  @Argument(help: "The job's name, or the path of a file that holds one job.")
  var job: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Set a key of the plugin's configuration for this run; may be given several times.", valueName: "key=value"))
  var overrides: [String] = []

  @Flag(help: "Say what would be done to each item, and do nothing.")
  var plan = false

  @Option(help: ArgumentHelp("Work only on the item of this key; may be given several times.", valueName: "key"))
  var only: [String] = []

  @Flag(name: .shortAndLong, help: "Print the run's log as it grows.")
  var follow = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let installation = Installation(global)
    var file = try installation.job(job)
    do throws(JobFileError) {
      for override in overrides { try file.apply(try ConfigOverride(parsing: override)) }
    } catch {
      throw CommandError(error)
    }
    var options = RunOptions()
    options.isPlan = plan
    options.onlyKeys = only.isEmpty ? nil : only
    let (job, chosen) = (file, options)
    try await RunSession(installation: installation, console: global.console, isJSON: global.json, follows: follow)
      .run { engine in try await Self.begin(job, chosen, engine) }
  }

  /// Begins the run; a configuration that the plugin does not accept is explained by the places in the file.
  private static func begin(_ file: JobFile, _ options: RunOptions, _ engine: Engine) async throws -> ActiveRun {
    var definition = file.definition
    if definition.plugin.contains("/") { definition.plugin = Installation.absolute(definition.plugin) }
    let refusal: EngineError
    do throws(EngineError) {
      return try await engine.begin(definition, options)
    } catch {
      refusal = error
    }
    guard refusal.code == .config else { throw refusal }
    let (manifest, findings) = try await engine.check(definition)
    let found = findings.map { file.finding(isError: $0.isError, pointer: $0.pointer, message: $0.message) }
    guard !found.isEmpty else { throw refusal }
    throw CommandError(
      .invalidData, "plugin \(manifest.id) does not accept the configuration of job \(definition.name)",
      details: found.map(\.description))
  }
}
