import ArgumentParser
import ControlAPI
import Cron
import JobFiles
import JobModel

/// Lists what is due next.
struct ScheduleNext: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "next", abstract: "List when a job, a cron expression, or every job is due next.",
    discussion: """
      Reads job files; needs no daemon. What a change of the clocks takes away, moves or repeats is marked. A TIME is written as \
      \(TimeText.forms).
      """)

  @Argument(
    help: ArgumentHelp("A job's name or file, or a cron expression in quotes. Default: all jobs.", valueName: "job|expression"),
    completion: .jobs)
  var subject: String?

  @Option(name: .shortAndLong, help: "At most so many that are due, 1 to 10000.")
  var count = 10

  @Option(help: ArgumentHelp("After this time. Default: now.", valueName: "time"))
  var from: String?

  @OptionGroup var expression: ExpressionOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard (1...10_000).contains(count) else { throw ValidationError("--count must be 1 to 10000, is \(count)") }
    try expression.validate(subject)
  }

  private struct Document: Encodable {
    struct Instant: Encodable {
      var job: String?
      var schedule: String
      var dueAt: String
      var localTime: String
      var zone: String
      var slot: Int
      var isDue: Bool
      var edge: String?
      var remark: String?
    }

    var from: String
    var instants: [Instant]
  }

  func run() async throws {
    let installation = Installation(global)
    let now = Timestamp.systemNow()
    let start = try from.map { (text) throws(CommandError) in
      // The time itself counts: "--from 02:00" lists what is due at 02:00.
      try TimeText.instant(text, option: "--from", zone: expression.tz, leaning: .future).instant - .seconds(1)
    }
    let plans = try plans(installation)
    if plans.allSatisfy(\.entries.isEmpty) {
      throw CommandError(
        .notFound, subject.map { "job \($0) has no schedule" } ?? "no job in \(installation.jobsFolder) has a schedule")
    }
    var instants = plans.flatMap { $0.next(after: (start ?? now).wholeSeconds, count: count) }
    instants.sort { ($0.occurrence, $0.job) < ($1.occurrence, $1.job) }
    if let tz = expression.tz {
      let zone = try TimeText.zone(tz)
      for index in instants.indices { instants[index].shownIn = zone }
    }
    var due = 0
    instants = Array(
      instants.prefix { instant in
        if instant.occurrence.isDue { due += 1 }
        return due <= count
      })
    if global.json { return try global.console.print(json: document(instants, from: start ?? now)) }
    try show(instants, plans, now: now, from: start)
    await remarkOnPauses(plans, installation)
  }

  private func plans(_ installation: Installation) throws(CommandError) -> [JobPlan] {
    if let subject, ExpressionOptions.isExpression(subject) { return [try expression.plan(of: subject)] }
    let files: [JobFile]
    if let subject {
      files = [try installation.job(subject)]
    } else {
      do throws(JobFileError) { files = try JobFolder.load(installation.jobsFolder).jobs } catch { throw CommandError(error) }
    }
    var plans: [JobPlan] = []
    for file in files {
      do throws(ControlError) { plans.append(try JobPlan(file.definition)) } catch { throw CommandError(error) }
    }
    return plans
  }

  private func show(_ instants: [DueInstant], _ plans: [JobPlan], now: Timestamp, from: Timestamp?) throws(CommandError) {
    guard !instants.isEmpty else {
      let isReboot = plans.contains { $0.entries.contains { $0.schedule.includesReboot } }
      StandardStream.error.write(
        isReboot ? "due when the daemon first starts after the machine did (@reboot)\n" : "nothing is due any more\n")
      return
    }
    let showsJob = plans.count > 1
    let showsSchedule = Set(instants.map { "\($0.job)/\($0.schedule)" }).count > 1
    let zones = Set(instants.map { ($0.shownIn ?? $0.zone).identifier })
    var table = Table(
      (showsJob ? [.init("JOB")] : []) + [.init(zones.count == 1 ? "DUE (\(zones.first ?? ""))" : "DUE"), .init("")]
        + (showsSchedule ? [.init("SCHEDULE", shrinks: true)] : []) + (zones.count > 1 ? [.init("ZONE")] : [])
        + [.init("", shrinks: true)])
    for instant in instants {
      var cells = showsJob ? [instant.job] : []
      cells.append(LocalText.full(instant.instant, instant.shownIn ?? instant.zone))
      cells.append(Words.relative(instant.instant, to: now))
      if showsSchedule { cells.append(instant.schedule) }
      if zones.count > 1 { cells.append((instant.shownIn ?? instant.zone).identifier) }
      cells.append(instant.remark ?? "")
      let color: Console.Color = instant.occurrence.isDue ? .yellow : .red
      table.add(cells, colors: instant.remark == nil ? [:] : [cells.count - 1: color])
    }
    for line in table.lines(global.console) { try global.console.print(line) }
  }

  /// What is due is not run while its job is paused.
  private func remarkOnPauses(_ plans: [JobPlan], _ installation: Installation) async {
    guard let subject, !ExpressionOptions.isExpression(subject), let name = plans.first?.job else { return }
    do {
      guard let pause = try await installation.control().job(name).pause else { return }
      StandardStream.error.write(
        "note: \(name) is paused since \(Words.instant(pause.since, now: .systemNow())): none of these is run until \"carillon resume-job \(name)\"\n"
      )
    } catch {
      return  // the answer stands without it: it was asked of the job files
    }
  }

  private func document(_ instants: [DueInstant], from: Timestamp) -> Document {
    Document(
      from: from.iso8601,
      instants: instants.map {
        .init(
          job: $0.job.isEmpty ? nil : $0.job, schedule: $0.schedule, dueAt: $0.instant.iso8601, localTime: $0.localISO8601,
          zone: ($0.shownIn ?? $0.zone).identifier, slot: $0.occurrence.slot, isDue: $0.occurrence.isDue, edge: $0.edgeName,
          remark: $0.remark)
      })
  }
}
