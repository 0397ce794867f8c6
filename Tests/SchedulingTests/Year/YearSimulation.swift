import Engine
import Foundation
import JobModel
import Seeded
import Store

/// A year of a scheduler's life on a clock of its own: downtimes, jumps of the clock, pauses, changed files, backfills. Everything
/// that happens is told to the model, and nothing that the scheduler decides.
final class YearSimulation {
  static let year: Range<Int64> = 1_767_225_600..<1_798_761_600  // 2026, UTC

  /// What befalls the daemon at an instant.
  private enum Mishap: CaseIterable {
    case downtime, jumpForward, jumpBack, pause, endPause, change, backfill, late
  }

  let seed: UInt64
  private var random: SplitMix
  private let folder: String
  private let clock: TestClock
  private var store: SQLiteStore
  private var queue: YearQueue
  private var scheduler: Scheduler
  private var model: PolicyModel
  private var jobs: [JobDefinition] = []
  private var walls: [String: WallMinutes] = [:]
  private var keys: [RunNumber: PolicyModel.RunKey] = [:]
  private var pause: Set<String> = []
  /// Runs of each job that were submitted, and those that the model has not made.
  private var seen: [String: Int] = [:]
  private var surplus: [RunID] = []
  private(set) var turns = 0

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
    scheduler = Scheduler(store: store, dispatcher: queue, time: clock, timer: clock, boot: "boot")
    var changed: [PolicyModel.ScheduleID: [DueModel.Instant]] = [:]
    var made = 0
    while made < schedules {
      var job = JobDefinition(name: "job-\(jobs.count)", plugin: "none")
      job.overlap = OverlapPolicy.allCases.randomElement(using: &random)!
      job.afterPause = Backlog.allCases.randomElement(using: &random)!
      job.catchUp = CatchUpPolicy(
        backlog: Backlog.allCases.randomElement(using: &random)!,
        within: .seconds([3_600, 86_400, 7 * 86_400].randomElement(using: &random)!),
        pace: .seconds([0, 0, 600].randomElement(using: &random)!))
      for index in 0..<min(schedules - made, Int.random(in: 1...3, using: &random)) {
        changed[add(to: &job, index)] = lastAdded
        made += 1
      }
      jobs.append(job)
    }
    model.put(jobs, changed: changed, at: begin)
    try await scheduler.begin(jobs)
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: folder) } catch { print("left behind: \(folder)") }
  }

  private var lastAdded: [DueModel.Instant] = []

  /// Gives the job a random schedule that the program accepts.
  private func add(to job: inout JobDefinition, _ index: Int) -> PolicyModel.ScheduleID {
    while true {
      let schedule = RandomSchedule(in: Self.year, using: &random)
      let spec = schedule.spec(named: "s\(index)")
      do { _ = try spec.compiled(job: job.name) } catch { continue }  // 31 February: refused, rightly
      let wall = walls[schedule.zone] ?? WallMinutes(schedule.zone, Self.year)
      walls[schedule.zone] = wall
      lastAdded = DueModel.instants(of: schedule, in: Self.year, wall)
      job.schedules.removeAll { $0.name == spec.name }
      job.schedules.append(spec)
      return PolicyModel.ScheduleID(job: job.name, name: spec.name)
    }
  }

  // MARK: The year

  func run() async throws {
    let end = Timestamp(seconds: Self.year.upperBound - 3_600)
    var mishapAt = nextMishap()
    var next = try await turn()
    while clock.now() < end {
      let until = min(end, [next, queue.next?.endsAt, queue.nextBegin, mishapAt].compactMap(\.self).min()!)
      clock.set(max(until, clock.now()))
      endRuns()
      if clock.now() >= mishapAt {
        try await suffer(Mishap.allCases.randomElement(using: &random)!)
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

  private func nextMishap() -> Timestamp { clock.now() + .seconds(Int.random(in: 600...180_000, using: &random)) }

  private func turn() async throws -> Timestamp? {
    turns += 1
    model.judge(at: clock.now())
    let next = try await scheduler.turn()
    follow()
    return next
  }

  /// Tells the model what became of runs because of the last step.
  private func follow() {
    for run in queue.takeSubmitted() { learn(run) }
    for run in queue.takeCancelled() { if let key = keys.removeValue(forKey: run.number) { model.ended(key) } }
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
    let made = model.made[run.job] ?? []
    if index < made.count { keys[run.number] = made[index] } else { surplus.append(run.id) }
  }

  // MARK: What goes wrong

  private func suffer(_ mishap: Mishap) async throws {
    let index = Int.random(in: 0..<jobs.count, using: &random)
    let job = jobs[index].name
    switch mishap {
    case .downtime:
      try await restart(after: .seconds([20, 4_000, 40_000, 400_000].randomElement(using: &random)!))
    case .jumpForward: clock.advance(by: .seconds([3, 90, 7_000, 100_000].randomElement(using: &random)!))
    case .jumpBack:
      let back = Duration.seconds([1, 90, 7_000, 100_000].randomElement(using: &random)!)
      clock.set(
        max(
          Timestamp(seconds: Self.year.lowerBound + 3_600),
          Timestamp(microseconds: clock.now().microseconds - back.wholeMicroseconds)))
    case .late: clock.advance(by: .seconds(Int.random(in: 1...12, using: &random)))
    case .pause:
      model.pause(job, at: clock.now())
      _ = try await scheduler.pause(job, note: "")
      pause.insert(job)
    case .endPause:
      guard let job = pause.sorted().randomElement(using: &random) else { return }
      pause.remove(job)
      model.endPause(job, at: clock.now())
      _ = try await scheduler.endPause(job)
    case .change:
      model.judge(at: clock.now())
      let id = add(to: &jobs[index], Int.random(in: 0..<jobs[index].schedules.count, using: &random))
      model.put(jobs, changed: [id: lastAdded], at: clock.now())
      _ = try await scheduler.replace(jobs)
    case .backfill:
      // The model knows nothing of the years before.
      let from = max(
        Timestamp(seconds: Self.year.lowerBound), clock.now() + .seconds(-Int.random(in: 0...500_000, using: &random)))
      let to = min(clock.now(), from + .seconds(Int.random(in: 1...100_000, using: &random)))
      guard from < to else { return }
      model.backfill(job, from, to, at: clock.now())
      _ = try await scheduler.backfill(job, BackfillOptions(from: from, to: to))
    }
    follow()
  }

  private func restart(after downtime: Duration) async throws {
    try await queue.settle()
    try await store.close()
    clock.advance(by: downtime)
    model.crashed()
    model.judge(at: clock.now())
    store = try SQLiteStore.open(directory: folder, mode: .engine)
    queue = YearQueue(store)
    scheduler = Scheduler(store: store, dispatcher: queue, time: clock, timer: clock, boot: "boot")
    try await scheduler.begin(jobs)
  }

  // MARK: The verdict

  /// What the ledger has that the model has not, what it lacks, and what it has twice; at most a few of each.
  func differences() async throws -> (lines: [String], fates: [InstantFate: Int]) {
    var own: [PolicyModel.ScheduleID: [InstantKey: InstantFate]] = [:]
    var stretches: [PolicyModel.ScheduleID: [InstantRecord]] = [:]
    var lines: [String] = []
    var runs: Set<RunID> = []
    var fates: [InstantFate: Int] = [:]
    var query = InstantQuery(limit: 1_000)
    while true {
      let page = try await store.instants(query)
      for row in page {
        let id = PolicyModel.ScheduleID(job: row.job, name: row.scheduleName)
        fates[row.fate, default: 0] += row.count
        if row.isStretch { stretches[id, default: []].append(row) } else { own[id, default: [:]][row.first] = row.fate }
        if row.fate.hasRun != (row.run != nil) {
          lines.append("\(id) \(row.first.text): \(row.fate) and run \(row.run as Any)")
        }
        if let run = row.run, !runs.insert(run).inserted { lines.append("run \(run) twice") }
      }
      guard page.count == 1_000, let last = page.last else { break }
      query.before = last.cursor
    }
    for (id, expected) in model.ledger {
      var own = own.removeValue(forKey: id) ?? [:]
      var left = (stretches.removeValue(forKey: id) ?? []).map { (row: $0, count: $0.count) }
      for (key, fate) in expected.sorted(by: { $0.key < $1.key }) {
        var found = own.removeValue(forKey: key)
        if found == nil, let index = left.firstIndex(where: { $0.row.first <= key && key <= $0.row.last }) {
          left[index].count -= 1
          found = left[index].row.fate
        }
        if found != fate {
          lines.append("\(id) \(key.dueAt.iso8601)/\(key.slot): ledger \(found?.name ?? "nothing"), model \(fate.name)")
        }
      }
      for (key, fate) in own { lines.append("\(id) \(key.dueAt.iso8601)/\(key.slot): ledger \(fate.name), model nothing") }
      for one in left where one.count != 0 { lines.append("\(id) \(one.row.first.text): its stretch is \(one.count) off") }
    }
    lines += (own.keys.map(\.self) + stretches.keys.map(\.self)).map { "\($0): the model knows nothing of it" }
    lines += surplus.map { "run \($0) should not be" }
    return (lines, fates)
  }
}
