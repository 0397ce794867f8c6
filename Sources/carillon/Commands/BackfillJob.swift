import ArgumentParser
import ControlAPI
import Cron
import JobModel

/// Makes runs for due instants that went by without one.
struct BackfillJob: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backfill", abstract: "Run a job for the due instants of a stretch of time that have no run.",
    discussion: """
      Instants that have a run are left alone. See what would be run with --plan first. A TIME is written as \(TimeText.forms).
      """)

  @Argument(help: "The job's name.", completion: .jobs)
  var job: String

  @Option(help: ArgumentHelp("The first instant that may be run for.", valueName: "time"))
  var from: String

  @Option(help: ArgumentHelp("The end: only instants before it.", valueName: "time"))
  var to: String

  @Option(help: ArgumentHelp("The zone of local times. Default: the machine's.", valueName: "zone"))
  var tz: String?

  @Flag(help: "Say what would be run, and run nothing.")
  var plan = false

  @Option(help: ArgumentHelp("So many runs at once, 1 to 64. Default: 1.", valueName: "n"))
  var parallel: Int?

  @Flag(help: "Newest first.")
  var reverse = false

  @Option(help: ArgumentHelp("Only this schedule of the job, by its name.", valueName: "name"))
  var schedule: String?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let parallel, !(1...64).contains(parallel) { throw ValidationError("--parallel must be 1 to 64, is \(parallel)") }
  }

  func run() async throws {
    let first = try TimeText.instant(from, option: "--from", zone: tz, leaning: .past).instant
    let end = try TimeText.instant(to, option: "--to", zone: tz, leaning: .past).instant
    guard first < end else {
      throw CommandError(.usage, "--from must be before --to; \(first.iso8601) is not before \(end.iso8601)")
    }
    let request = BackfillRequest(
      from: first.iso8601, to: end.iso8601, plan: plan ? true : nil, parallel: parallel, reverse: reverse ? true : nil,
      schedule: schedule)
    let result = try await Installation(global).control().backfill(job, request)
    if global.json { return try global.console.print(json: result) }
    let kept = result.alreadyRun == 0 ? "" : "; \(Words.count(result.alreadyRun)) of that time have a run already"
    guard !result.instants.isEmpty else {
      try global.console.print("nothing to run for \(result.job)\(kept)")
      return
    }
    let zone = try TimeText.zone(tz)
    let showsSchedule = Set(result.instants.map(\.schedule)).count > 1
    var table = Table(
      [.init("DUE (\(zone.identifier))")] + (showsSchedule ? [.init("SCHEDULE", shrinks: true)] : [])
        + [.init("SO FAR", shrinks: true)] + (result.isPlan ? [] : [.init("RUN")]))
    for instant in result.instants {
      let due = Timestamp(iso8601: instant.dueAt).map { LocalText.full($0, zone) } ?? instant.dueAt
      table.add(
        [due] + (showsSchedule ? [instant.schedule] : [])
          + [instant.fate.map { InstantFate(name: $0)?.word ?? $0 } ?? "before the schedule was known"]
          + (result.isPlan ? [] : [instant.run ?? ""]))
    }
    for line in table.lines(global.console) { try global.console.print(line) }
    try global.console.print(
      "\(result.isPlan ? "would make" : "made") \(Words.count(result.instants.count, "run")) of \(result.job)\(kept)")
  }
}
