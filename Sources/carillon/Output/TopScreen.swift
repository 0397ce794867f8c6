import ControlAPI
import JobFiles
import JobModel

/// One picture of `carillon top`.
struct TopScreen {
  private static let barWidth = 16

  let console: Console
  /// Why the last look failed; the picture is then the one before.
  var failure: String?
  private var status: StatusDocument?
  /// The next one of each schedule.
  private var upcoming: [UpcomingDocument] = []
  private var rates: [String: RateMeter] = [:]
  private var now = Timestamp.systemNow()

  init(console: Console) { self.console = console }

  /// Takes in what the daemon says now.
  mutating func note(_ status: StatusDocument, _ upcoming: [UpcomingDocument], at now: Timestamp = .systemNow()) {
    self.status = status
    self.upcoming = upcoming
    self.now = now
    failure = nil
    var rates: [String: RateMeter] = [:]
    for run in status.activeRuns {
      var rate = self.rates[run.run] ?? RateMeter()
      rate.note(ended: run.endedHere, at: Duration(documentSeconds: run.elapsedS))
      rates[run.run] = rate
    }
    self.rates = rates
  }

  /// As many lines as fit, none wider than the terminal.
  func lines(width: Int, height: Int) -> [String] {
    guard let status else { return [fit(failure ?? "asking the daemon …", width)] }
    let narrow = Console(copying: console, width: width)
    var lines = head(status, width)
    if let failure { lines.append(console.colored(fit(failure, width), .red)) }
    lines += status.problems.map { console.colored(fit("problem: \(Words.printable($0))", width), .red) }
    let room = max(0, height - lines.count)
    let runs = runLines(status, narrow)
    let workers = workerLines(status, narrow)
    let due = dueLines(narrow)
    // Runs come first; what is due next gets what they leave, at least a third.
    let forDue = min(due.count, max(room - runs.count - workers.count, room / 3))
    let forWorkers = min(workers.count, max(0, room - forDue - runs.count))
    lines += clipped(runs, to: room - forDue - forWorkers, narrow)
    lines += clipped(workers, to: forWorkers, narrow)
    lines += due.prefix(forDue)
    return Array(lines.prefix(height))
  }

  private func head(_ status: StatusDocument, _ width: Int) -> [String] {
    let up = Timestamp(iso8601: status.startedAt).map { Words.duration(now - $0) } ?? "?"
    let busy = status.workers.count { !$0.isIdle }
    let rate = rates.values.compactMap(\.perSecond).reduce(0, +)
    let first =
      "carillon \(status.version)  \(status.state)  pid \(status.pid)  up \(up)  \(now.iso8601.dropFirst(11).prefix(8))Z"
    let second =
      "jobs \(Words.count(status.jobs))" + (status.pausedJobs > 0 ? " (\(status.pausedJobs) paused)" : "")
      + "  schedules \(Words.count(status.schedules))  runs \(status.activeRuns.count) + \(Words.count(status.queuedRuns)) waiting"
      + "  workers \(busy)/\(status.workers.count) busy  items \(Self.rate(rate))"
      + "  WAL \(SizeText.format(Int64(status.store.walBytes)))"
    return [console.colored(fit(first, width), .bold), fit(second, width), ""]
  }

  private func runLines(_ status: StatusDocument, _ console: Console) -> [String] {
    guard !status.activeRuns.isEmpty else { return ["no run is under way", ""] }
    var table = Table([
      .init("RUN"), .init("JOB", shrinks: true), .init("STATE"), .init("DONE", isNumber: true), .init("OF", isNumber: true),
      .init("FAILED", isNumber: true), .init("RATE", isNumber: true), .init("LEFT", isNumber: true),
      .init("FLIGHT", isNumber: true), .init("WAITS FOR", shrinks: true),
    ])
    for run in status.activeRuns {
      let counts = run.counts
      let rate = rates[run.run]
      let left = run.isDiscovered ? rate?.estimate(for: counts.total - counts.ended).map(Words.duration) ?? "" : ""
      table.add(
        [
          run.run, run.job, run.state, Words.count(counts.ended), Words.count(counts.total) + (run.isDiscovered ? "" : "+"),
          counts.failed == 0 ? "" : Words.count(counts.failed), rate?.perSecond.map(Self.rate) ?? "", left,
          Words.count(run.inFlight), run.waitsFor ?? "",
        ], colors: counts.failed > 0 ? [5: .red] : [:])
    }
    return table.lines(console) + [""]
  }

  private func workerLines(_ status: StatusDocument, _ console: Console) -> [String] {
    guard !status.workers.isEmpty else { return [] }
    var table = Table([.init("WORKER", isNumber: true), .init("JOB", shrinks: true), .init("PLUGIN", shrinks: true), .init("")])
    for worker in status.workers {
      table.add(
        [String(worker.pid), worker.job, worker.plugin, worker.isIdle ? "idle" : "busy"],
        colors: worker.isIdle ? [3: .dim] : [3: .green])
    }
    return table.lines(console) + [""]
  }

  private func dueLines(_ console: Console) -> [String] {
    guard !upcoming.isEmpty else { return ["nothing is due"] }
    var table = Table([.init("NEXT DUE"), .init("IN"), .init("JOB", shrinks: true), .init("SCHEDULE", shrinks: true)])
    for next in upcoming {
      table.add([
        LocalText.shortened(next.localTime), Timestamp(iso8601: next.dueAt).map { Self.countdown($0 - now) } ?? "", next.job,
        next.schedule,
      ])
    }
    return table.lines(console)
  }

  /// `12 s`, `4m 09s`, `now`.
  private static func countdown(_ duration: Duration) -> String {
    let seconds = Int(duration.inSeconds.rounded(.up))
    return seconds <= 0 ? "now" : seconds < 60 ? "\(seconds) s" : Words.duration(.seconds(seconds))
  }

  private static func rate(_ perSecond: Double) -> String {
    perSecond < 10 ? "\((perSecond * 10).rounded() / 10)/s" : "\(Words.count(Int(perSecond)))/s"
  }

  /// The first lines of a table; the last says how many are not shown.
  private func clipped(_ lines: [String], to count: Int, _ console: Console) -> [String] {
    guard lines.count > count else { return lines }
    guard count >= 2 else { return [] }
    return lines.prefix(count - 2) + [console.colored("… and \(lines.count - count + 1) more", .dim), ""]
  }

  private func fit(_ text: some StringProtocol, _ width: Int) -> String {
    text.count > width ? text.prefix(max(0, width - 1)) + "…" : String(text)
  }
}
