import ArgumentParser
import ControlAPI
import ControlClient
import JobModel

/// Has the daemon run a job.
struct TriggerJob: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trigger", abstract: "Have the daemon run a job, and return at once.",
    discussion: """
      Prints the run's id. With --wait the command stays until the run has ended and ends with its exit code; interrupted, it leaves \
      and the run goes on. A TIME is written as \(TimeText.forms).
      """)

  @Argument(help: "The job's name.", completion: .jobs)
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

  @Option(help: ArgumentHelp("Begin then, and not before.", valueName: "time"))
  var at: String?

  @Option(
    help: ArgumentHelp(
      "What to do while an earlier run of the job has not ended: \(OverlapPolicy.names). Default: queueAll, or the job's allow.",
      valueName: "policy"),
    completion: .list(OverlapPolicy.allCases.map(\.rawValue)))
  var overlap: String?

  @Flag(help: "Stay until the run has ended.")
  var wait = false

  @Flag(name: .shortAndLong, help: "Stay, and print the run's log as it grows.")
  var follow = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard let overlap, OverlapPolicy(rawValue: overlap) == nil else { return }
    let suggestion = OverlapPolicy.allCases.map(\.rawValue).nearest(to: overlap).map { "; did you mean \"\($0)\"?" } ?? ""
    throw ValidationError("--overlap \"\(overlap)\" is none of \(OverlapPolicy.names)\(suggestion)")
  }

  func run() async throws {
    let installation = Installation(global)
    let begin = try at.map { (text) throws(CommandError) in
      try TimeText.instant(text, option: "--at", leaning: .future).instant
    }
    let document = try event.map { (path) throws(CommandError) in try RunInput.event(path) }
    let request = TriggerRequest(
      set: overrides.isEmpty ? nil : overrides, plan: plan ? true : nil, only: only.isEmpty ? nil : only, at: begin?.iso8601,
      overlap: overlap, event: document)
    guard let (control, _) = try installation.daemon() else {
      _ = try await installation.control().trigger(job, request)
      return
    }
    let watch = RunWatch(control: control, console: global.console, isJSON: global.json, follows: follow)
    let run = try await control.trigger(job, request)
    if wait || follow {
      if !global.json { StandardStream.error.write("run \(run.id)\n") }
      try await watch.toItsEnd(run)
    }
    if global.json { return try global.console.print(json: ["run": run]) }
    let when = begin.map { ", not before \(Words.instant($0, now: .systemNow()))" } ?? ""
    try global.console.print("run \(run.id) of \(run.job)\(run.isPlan ? " (plan)" : "") is \(run.stateWords)\(when)")
    StandardStream.error.write("look: carillon run show \(run.id), or carillon logs --follow \(run.id)\n")
  }
}

extension OverlapPolicy {
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
