import Engine
import Foundation
import JobModel
import Seeded
import Store

/// A year of a scheduler's life on a clock of its own: downtimes, boots, jumps of the clock, pauses, changed files, backfills, runs by
/// hand. Everything that happens is told to the model, and nothing that the scheduler decides.
///
///     YearSimulation+Mishaps   what befalls it
///     YearSimulation+Verdict   the ledger against the model's
final class YearSimulation {
  static let year: Range<Int64> = 1_767_225_600..<1_798_761_600  // 2026, UTC
  private let end = Timestamp(seconds: YearSimulation.year.upperBound - 3_600)

  let seed: UInt64
  var random: SplitMix
  private let folder: String
  let clock: TestClock
  private(set) var store: SQLiteStore
  private var queue: YearQueue
  private(set) var scheduler: Scheduler
  var model: PolicyModel
  /// In force.
  var jobs: [JobDefinition] = []
  /// Taken out of the job files, for a while.
  var absent: [JobDefinition] = []
  var paused: Set<String> = []
  /// What the runs themselves showed to be wrong.
  var surprises: [String] = []
  private var walls: [String: WallMinutes] = [:]
  private var randomSchedules: [PolicyModel.ScheduleID: RandomSchedule] = [:]
  private var keys: [RunNumber: PolicyModel.RunKey] = [:]
  /// Runs of each job that were submitted.
  private var seen: [String: Int] = [:]
  /// By job and spread, where there is no jitter: the delay, always the same.
  private var shares: [String: Duration] = [:]
  private var boots = 1
  private(set) var turns = 0
  private(set) var mishaps = 0

  init(schedules: Int, seed: UInt64) async throws {
    self.seed = seed
    random = SplitMix(seed: seed)
    let parent = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    folder = "\(parent)/carillon-year-\(UUID().uuidString)"
    let begin = Timestamp(seconds: Self.year.lowerBound + 3_600)
    clock = TestClock(begin)
    model = PolicyModel(Self.year, at: begin)
    store = try SQLiteStore.open(directory: folder, mode: .engine)
    queue = YearQueue(store)
    scheduler = Scheduler(store: store, dispatcher: queue, time: clock, timer: clock, boot: "boot-1", seed: seed)
    var changed: [PolicyModel.ScheduleID: PolicyModel.Change] = [:]
    var made = 0
    while made < schedules {
      var job = JobDefinition(name: "job-\(jobs.count)", plugin: "none")
      choosePolicies(&job)
      for index in 0..<min(schedules - made, Int.random(in: 1...3, using: &random)) {
        changed.merge([add(to: &job, index)]) { $1 }
        made += 1
      }
      jobs.append(job)
    }
    model.booted(at: begin)
    model.put(jobs, changed: changed, at: begin)
    model.judge(at: begin)
    try await scheduler.begin(JobPreparation.prepared(jobs))
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: folder) } catch { print("left behind: \(folder)") }
  }

  func choosePolicies(_ job: inout JobDefinition) {
    job.overlap = OverlapPolicy.allCases.randomElement(using: &random)!
    job.afterPause = Backlog.allCases.randomElement(using: &random)!
    job.catchUp = CatchUpPolicy(
      backlog: Backlog.allCases.randomElement(using: &random)!,
      within: .seconds([3_600, 86_400, 7 * 86_400].randomElement(using: &random)!),
      pace: .seconds([0, 0, 600].randomElement(using: &random)!))
  }

  /// Gives the job a random schedule that the program accepts.
  func add(to job: inout JobDefinition, _ index: Int) -> (PolicyModel.ScheduleID, PolicyModel.Change) {
    while true {
      let schedule = RandomSchedule(of: job.name, in: Self.year, using: &random)
      let spec = schedule.spec(named: "s\(index)")
      do { _ = try spec.compiled(job: job.name) } catch { continue }  // 31 February: refused, rightly
      job.schedules.removeAll { $0.name == spec.name }
      job.schedules.append(spec)
      let id = PolicyModel.ScheduleID(job: job.name, name: spec.name)
      randomSchedules[id] = schedule
      return (id, change(schedule))
    }
  }

  /// Every schedule of the job, as new ones.
  func changes(of job: JobDefinition) -> [PolicyModel.ScheduleID: PolicyModel.Change] {
    var changes: [PolicyModel.ScheduleID: PolicyModel.Change] = [:]
    for spec in job.schedules {
      let id = PolicyModel.ScheduleID(job: job.name, name: spec.name)
      changes[id] = change(randomSchedules[id]!)
    }
    return changes
  }

  private func change(_ schedule: RandomSchedule) -> PolicyModel.Change {
    let wall = walls[schedule.zone] ?? WallMinutes(schedule.zone, Self.year)
    walls[schedule.zone] = wall
    return PolicyModel.Change(
      instants: DueModel.instants(of: schedule, in: Self.year, wall), isReboot: schedule.isReboot)
  }

  // MARK: The year

  func run() async throws {
    var mishapAt = nextMishap()
    var next = try await turn()
    while clock.now() < end {
      let until = min(end, [next, queue.next?.endsAt, queue.nextBegin, mishapAt].compactMap(\.self).min()!)
      clock.set(max(until, clock.now()))
      endRuns()
      if clock.now() >= mishapAt {
        mishaps += 1
        try await suffer()
        mishapAt = nextMishap()
        next = try await turn()
      } else if let due = next, clock.now() >= due {
        next = try await turn()
      } else {
        follow()
      }
    }
    _ = try await turn()
    try await queue.settle()
  }

  /// The clock goes on, or is set forward; what lies behind the year the model does not know.
  func pass(_ duration: Duration) { clock.set(max(clock.now(), min(clock.now() + duration, end))) }

  private func nextMishap() -> Timestamp { clock.now() + .seconds(Int.random(in: 600...180_000, using: &random)) }

  private func turn() async throws -> Timestamp? {
    turns += 1
    model.judge(at: clock.now())
    let next = try await scheduler.turn()
    follow()
    return next
  }

  /// Tells the model what became of runs because of the last step.
  func follow() {
    for run in queue.takeSubmitted() { learn(run) }
    var cancelled: Set<PolicyModel.RunKey> = []
    for run in queue.takeCancelled() { if let key = keys.removeValue(forKey: run.number) { cancelled.insert(key) } }
    for key in cancelled { model.ended(key) }
    for key in model.superseded.symmetricDifference(cancelled) {
      surprises.append("\(key.text): \(cancelled.contains(key) ? "was cancelled for no newer run" : "outlived a newer run")")
    }
    model.superseded.removeAll()
    for running in queue.begin(at: clock.now(), lasting: { [self] in duration($0) }) {
      if let key = keys[running.run.number] { model.began(key) }
    }
  }

  private func endRuns() {
    while let running = queue.next, running.endsAt <= clock.now() {
      queue.end(running.run)
      if let key = keys.removeValue(forKey: running.run.number) { model.ended(key) }
    }
  }

  /// Mostly minutes; now and then longer than any schedule waits.
  private func duration(_ job: String) -> Duration {
    let longest = [60, 600, 3_600, 10_000, 100_000][min(4, Int.random(in: 0..<40, using: &random) / 9)]
    return .seconds(Int.random(in: 1...longest, using: &random))
  }

  /// Finds out which run of the model's that is: a job's runs are made in one order.
  private func learn(_ run: WaitingRun) {
    guard keys[run.number] == nil else { return }  // after a restart
    let index = seen[run.job, default: 0]
    seen[run.job] = index + 1
    guard let made = model.made[run.job], index < made.count else {
      return surprises.append("run \(run.id) of \(run.job) should not be")
    }
    keys[run.number] = made[index].run
    if !begins(run, made[index].start) {
      surprises.append("\(made[index].run.text) begins at \(run.notBefore?.iso8601 ?? "once"), model \(made[index].start)")
    }
  }

  private func begins(_ run: WaitingRun, _ start: PolicyModel.Start) -> Bool {
    switch start {
    case .at(let at): return run.notBefore == at
    case .delayed(let from, let spread, let jitter):
      guard let at = run.notBefore else {
        return jitter > .zero || shares["\(run.job) \(spread)"].map { from + $0 <= clock.now() } ?? true
      }
      if jitter == .zero {
        guard shares["\(run.job) \(spread)", default: at - from] == at - from else { return false }
        shares["\(run.job) \(spread)"] = at - from
      }
      return at > clock.now() && at - from <= spread + jitter
    }
  }

  /// The daemon is gone, and comes back later. `change`: what becomes of its files meanwhile.
  func restart(
    after downtime: Duration, afterBoot: Bool,
    _ change: () -> [PolicyModel.ScheduleID: PolicyModel.Change]
  ) async throws {
    try await queue.settle()
    try await store.close()
    pass(downtime)
    let changed = change()
    model.crashed()
    model.adopt(jobs)
    if afterBoot {
      boots += 1
      model.booted(at: clock.now())
    }
    model.judge(at: clock.now())
    model.put(jobs, changed: changed, at: clock.now())
    model.judge(at: clock.now())
    store = try SQLiteStore.open(directory: folder, mode: .engine)
    queue = YearQueue(store)
    scheduler = Scheduler(
      store: store, dispatcher: queue, time: clock, timer: clock, boot: "boot-\(boots)",
      seed: random.next())
    try await scheduler.begin(JobPreparation.prepared(jobs))
  }
}

extension PolicyModel.RunKey {
  var text: String { "\(schedule.job)/\(schedule.name) \(key.dueAt.iso8601)/\(key.slot)" }
}
