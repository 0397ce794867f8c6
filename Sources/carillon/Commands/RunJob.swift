import ArgumentParser
import ControlAPI
import Engine
import JobFiles
import JobModel
import WorkerPool

/// Runs a job to its end.
struct RunJob: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "job", abstract: "Run a job to its end, now.",
    usage:
      "carillon run <job> [--set key=value]... [--plan] [--only key]... [--event file] [--apply plan] [--follow] [--here] [--json]",
    discussion: """
      The daemon runs it where one listens, else this process does; it says which. A job in a file of its own is always run here. \
      Paths in a configuration are the plugin's matter; relative ones are meant from the working directory of the process that \
      runs it. Interrupted, a run with the daemon goes on there; one in this process stops so that it can be resumed, at the second \
      interrupt at once. "carillon run show RUN" shows a run.
      """)

  @Argument(help: "The job's name, or the path of a file that holds one job.", completion: .jobs)
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

  @Option(
    help: ArgumentHelp("Give the plugin the JSON document of an event, as if that had begun the run.", valueName: "file"),
    completion: .file())
  var event: String?

  @Option(
    help: ArgumentHelp(
      "Do what a plan run found, and nothing when things have changed since: the run that left it, or its plan.json.",
      valueName: "plan"), completion: .file(extensions: ["json"]))
  var apply: String?

  @Flag(name: .shortAndLong, help: "Print the run's log as it grows.")
  var follow = false

  @Flag(help: "Run it in this process even where a daemon listens.")
  var here = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let installation = Installation(global)
    let isPath = job.contains("/") || job.hasSuffix(".yaml") || job.hasSuffix(".yml")
    let name = job
    let artifacts = installation.paths.state + "/artifacts"
    let sets =
      try overrides + (apply.map { (plan) throws(CommandError) in [try RunInput.applying(plan, artifacts: artifacts)] } ?? [])
    let document = try event.map { (path) throws(CommandError) in try RunInput.event(path) }
    let request = TriggerRequest(
      set: sets.isEmpty ? nil : sets, plan: plan ? true : nil, only: only.isEmpty ? nil : only, event: document)
    try await RunSession(
      installation: installation, console: global.console, isJSON: global.json, follows: follow, isHere: here || isPath
    ).run { control in
      try await installation.checkJobsFolder(of: control)
      return try await control.trigger(name, request)
    } embedded: { engine in
      try await begin(try file(installation, sets), try RunInput.text(document), engine)
    }
  }

  /// The job with what the command line sets.
  private func file(_ installation: Installation, _ sets: [String]) throws(CommandError) -> JobFile {
    var file = try installation.job(job)
    do throws(JobFileError) {
      for override in sets { try file.apply(try ConfigOverride(parsing: override)) }
    } catch {
      throw CommandError(error)
    }
    return file
  }

  /// Begins the run; a configuration that the plugin does not accept is explained by the places in the file.
  private func begin(_ file: JobFile, _ event: String, _ engine: Engine) async throws -> ActiveRun {
    var options = RunOptions()
    options.isPlan = plan
    if !event.isEmpty { (options.event, options.trigger) = (event, .event) }
    options.onlyKeys = only.isEmpty ? nil : only
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
