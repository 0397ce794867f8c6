import ArgumentParser
import ControlAPI
import JobModel

/// Lists runs.
struct Runs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "runs", abstract: "List runs, newest first.")

  @Option(help: "Only runs of this job.")
  var job: String?

  @Option(
    help: ArgumentHelp(
      "Only runs in this state; may be given several times.",
      discussion: RunState.allCases.map(\.name).joined(separator: ", ")), completion: .list(RunState.allCases.map(\.name)))
  var state: [String] = []

  @Option(help: "At most so many, 1 to 1000.")
  var limit = 20

  @Option(help: ArgumentHelp("Only runs that began before this one: the next page.", valueName: "run"))
  var before: String?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard (1...1_000).contains(limit) else { throw ValidationError("--limit must be 1 to 1000, is \(limit)") }
    _ = try states()
  }

  private func states() throws -> [RunState] {
    try state.map { name in
      guard let state = RunState(name: name) else {
        let suggestion = RunState.allCases.map(\.name).nearest(to: name).map { "; did you mean \"\($0)\"?" } ?? ""
        throw ValidationError("--state \"\(name)\" is no state of a run\(suggestion)")
      }
      return state
    }
  }

  func run() async throws {
    var request = RunsRequest()
    request.job = job
    request.states = try states().map(\.name)
    request.before = before
    request.limit = limit
    let page = try await Installation(global).control().runs(request)
    let runs = page.runs
    if global.json { return try global.console.print(json: ["runs": runs]) }
    guard !runs.isEmpty else {
      StandardStream.error.write("no runs\(job.map { " of job \($0)" } ?? "")\(state.isEmpty ? "" : " in that state")\n")
      return
    }
    let now = Timestamp.systemNow()
    var table = Table([
      .init("RUN"), .init("JOB", shrinks: true), .init("STATE"), .init("ITEMS", isNumber: true),
      .init("FAILED", isNumber: true),
      .init("STARTED", shrinks: true), .init("TOOK", isNumber: true),
    ])
    for run in runs {
      table.add(
        [
          run.id, run.job + (run.isPlan ? " (plan)" : ""), run.stateWords, Words.count(run.counts.total),
          run.counts.failed == 0 ? "" : Words.count(run.counts.failed),
          run.startedAt.map { Words.instant($0, now: now) } ?? "", run.took.map(Words.duration) ?? "",
        ], colors: run.runState.map { [2: Self.color($0)] } ?? [:])
    }
    for line in table.lines(global.console) { try global.console.print(line) }
    if let next = page.next { StandardStream.error.write("more: --before \(next)\n") }
  }

  static func color(_ state: RunState) -> Console.Color {
    switch state {
    case .succeeded: .green
    case .completedWithFailures, .failed, .cancelled: .red
    case .queued, .discovering, .running, .finishing: .yellow
    }
  }
}
