import ArgumentParser
import ControlAPI
import JobModel

/// Keeps a job's schedules from beginning runs.
struct Pause: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Pause a job: what comes due meanwhile is noted, and not run.",
    discussion: """
      Runs under way go on, and "carillon trigger" works. "carillon resume-job JOB" ends the pause; the job's after_pause says what \
      becomes of the instants that came due.
      """)

  @Argument(help: "The job's name.", completion: .jobs)
  var job: String

  @Option(help: "Why, and by whom, for those who wonder later.")
  var note = ""

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let pause = try await Installation(global).control().pause(job, note: note)
    if global.json { return try global.console.print(json: pause) }
    try global.console.print(
      "\(pause.job) is paused since \(Words.instant(pause.since, now: .systemNow()))"
        + (pause.note.isEmpty ? "" : ": \(Words.printable(pause.note))"))
    try global.console.print("end it with: carillon resume-job \(pause.job)")
  }
}
