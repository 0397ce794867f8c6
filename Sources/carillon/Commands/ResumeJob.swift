import ArgumentParser
import ControlAPI
import JobModel

/// Ends a job's pause.
struct ResumeJob: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume-job", abstract: "End a job's pause.",
    discussion: "The job's after_pause says whether runs are made for what came due meanwhile.")

  @Argument(help: "The job's name.", completion: .jobs)
  var job: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let pause = try await Installation(global).control().endPause(job)
    if global.json { return try global.console.print(json: pause) }
    let length = Timestamp(iso8601: pause.since).map { " after \(Words.duration(Timestamp.systemNow() - $0))" } ?? ""
    let made =
      pause.caughtUp.map { $0 > 0 ? "; \(Words.count($0, "run")) to make up for it" : "; nothing is made up for" } ?? ""
    try global.console.print("\(pause.job) goes on\(length)\(made)")
  }
}
