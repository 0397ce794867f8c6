import ArgumentParser
import ControlAPI
import Cron
import JobFiles
import JobModel

/// Shows a job with its defaults filled in.
struct JobsShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a job as it would run, defaults filled in.")

  @Argument(help: "The job's name, or the path of a file that holds one job.", completion: .jobs)
  var job: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let file = try Installation(global).job(job)
    if global.json { return try global.console.print(json: try Document(file)) }
    for line in try lines(file) { try global.console.print(line) }
  }

  /// Each schedule with what it means and when it is due next, then the policies.
  private func scheduleLines(_ job: JobDefinition) throws(CommandError) -> [String] {
    guard !job.schedules.isEmpty else { return ["schedules       none: it runs when somebody asks for it"] }
    let plan: JobPlan
    do throws(ControlError) { plan = try JobPlan(job) } catch { throw CommandError(error) }
    let now = Timestamp.systemNow()
    var lines: [String] = []
    for (index, entry) in plan.entries.enumerated() {
      let meaning = entry.schedule.expressions.map(\.summary).joined(separator: "; and ")
      let name = [entry.spec.name] == entry.spec.expressions ? "" : "\(entry.spec.name): "
      lines.append(
        (index == 0 ? "schedules       " : String(repeating: " ", count: 16))
          + Words.printable("\(name)\(entry.spec.expressions.joined(separator: " | ")): \(meaning), \(entry.spec.zone)"))
    }
    if let next = plan.next(after: now.wholeSeconds, count: 1).first(where: \.occurrence.isDue) {
      lines.append("next due        \(LocalText.full(next.instant, next.zone))  \(Words.relative(next.instant, to: now))")
    }
    let catchUp = "\(job.catchUp.backlog.rawValue) within \(DurationText.format(job.catchUp.within))"
    lines.append("policies        catch_up \(catchUp), overlap \(job.overlap.rawValue), after_pause \(job.afterPause.rawValue)")
    return lines
  }

  private func lines(_ file: JobFile) throws(CommandError) -> [String] {
    let job = file.definition
    func text(_ duration: Duration?, _ absent: String) -> String { duration.map(DurationText.format) ?? absent }
    var lines = ["job             \(job.name)  (\(file.path):\(file.nameMark.line))"]
    if !job.summary.isEmpty { lines.append("summary         \(Words.printable(job.summary))") }
    lines += [
      "plugin          \(Words.printable(job.plugin))", "priority        \(job.priority)",
      "workers         \(job.workers.map(String.init) ?? "as the plugin says")",
      "concurrency     \(job.concurrency.map(String.init) ?? "as the plugin says")",
      "rate_limit      \(job.rateLimit.map { "\($0.count)/\(DurationText.format($0.interval))" } ?? "none")",
      "retry           \(job.retry.maxAttempts) attempts, \(job.retry.backoff.rawValue) from "
        + "\(DurationText.format(job.retry.base)) to \(DurationText.format(job.retry.cap)), jitter \(job.retry.jitter.rawValue)",
      "timeouts        item \(text(job.timeouts.item, "as the plugin says")), run \(text(job.timeouts.run, "none")), cancel_grace "
        + "\(DurationText.format(job.timeouts.cancelGrace)), load \(DurationText.format(job.timeouts.load))",
      "failure_budget  \(budget(job.failureBudget))",
      "unique          \(job.unique.map { "by key for \(DurationText.format($0.period))" } ?? "in a run only")",
      "breaker         opens after \(job.breaker.failures) failures, for \(DurationText.format(job.breaker.cooldown))",
      "limits          address_space \(mebibytes(job.limits.addressSpaceMiB)), descriptors \(job.limits.descriptors), recycle at "
        + "\(mebibytes(job.limits.recycleMiB))",
    ]
    lines += try scheduleLines(job)
    let config = JSONText.pretty(job.config)
    for (index, line) in config.enumerated() {
      lines.append((index == 0 ? "config          " : String(repeating: " ", count: 16)) + Words.printable(line))
    }
    return lines
  }

  private func budget(_ budget: FailureBudget) -> String {
    switch budget {
    case .unlimited: "unlimited"
    case .count(let count): "\(count) items"
    case .percent(let percent, let floor): "\(percent)% once \(floor) items have ended"
    }
  }

  private func mebibytes(_ size: Int) -> String { size == 0 ? "none" : "\(size)MiB" }
}

extension JobsShow {
  /// The object that `jobs show --json` prints: durations in seconds.
  struct Document: Encodable {
    struct Rate: Encodable { var count: Int, perS: Double }
    struct Retry: Encodable { var maxAttempts: Int, backoff: String, baseS: Double, capS: Double, jitter: String }
    struct Timeouts: Encodable {
      var itemS: Double?
      var runS: Double?
      var cancelGraceS: Double
      var loadS: Double
    }
    struct Budget: Encodable {
      var count: Int?
      var percent: Double?
      var floor: Int?
    }
    struct Breaker: Encodable { var failures: Int, cooldownS: Double }
    struct CatchUp: Encodable { var policy: String, withinS: Double, paceS: Double }
    struct Limits: Encodable {
      var addressSpaceMib, descriptors, recycleMib, recycleItems: Int
      var recycleAfterS: Double?
    }

    var name, summary, plugin, file: String
    var config: JSONValue
    var priority: Int
    var workers, concurrency: Int?
    var rateLimit: Rate?
    var retry: Retry
    var timeouts: Timeouts
    var failureBudget: Budget
    var uniqueForS: Double?
    var breaker: Breaker
    var limits: Limits
    var schedules: [ScheduleDocument]
    var catchUp: CatchUp
    var overlap, afterPause: String
    var nextDueAt: String?

    init(_ jobFile: JobFile) throws(ControlError) {
      let job = jobFile.definition
      name = job.name
      summary = job.summary
      plugin = job.plugin
      file = jobFile.path
      config = job.config
      priority = job.priority
      workers = job.workers
      concurrency = job.concurrency
      rateLimit = job.rateLimit.map { Rate(count: $0.count, perS: $0.interval.inSeconds) }
      retry = Retry(
        maxAttempts: job.retry.maxAttempts, backoff: job.retry.backoff.rawValue, baseS: job.retry.base.inSeconds,
        capS: job.retry.cap.inSeconds, jitter: job.retry.jitter.rawValue)
      timeouts = Timeouts(
        itemS: job.timeouts.item?.inSeconds, runS: job.timeouts.run?.inSeconds,
        cancelGraceS: job.timeouts.cancelGrace.inSeconds, loadS: job.timeouts.load.inSeconds)
      switch job.failureBudget {
      case .unlimited: failureBudget = Budget()
      case .count(let count): failureBudget = Budget(count: count)
      case .percent(let percent, let floor): failureBudget = Budget(percent: percent, floor: floor)
      }
      uniqueForS = job.unique?.period.inSeconds
      breaker = Breaker(failures: job.breaker.failures, cooldownS: job.breaker.cooldown.inSeconds)
      limits = Limits(
        addressSpaceMib: job.limits.addressSpaceMiB, descriptors: job.limits.descriptors, recycleMib: job.limits.recycleMiB,
        recycleItems: job.limits.recycleItems, recycleAfterS: job.limits.recycleAfter?.inSeconds)
      schedules = try JobPlan(job).documents(after: .systemNow())
      catchUp = CatchUp(
        policy: job.catchUp.backlog.rawValue, withinS: job.catchUp.within.inSeconds, paceS: job.catchUp.pace.inSeconds)
      overlap = job.overlap.rawValue
      afterPause = job.afterPause.rawValue
      nextDueAt = schedules.compactMap(\.nextDueAt).min()
    }
  }
}
