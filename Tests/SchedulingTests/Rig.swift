import Engine
import Foundation
import JobModel
import Store

/// A store, a clock and one daemon's scheduler after another on them.
final class Rig {
  let folder: String
  let clock: TestClock
  private(set) var store: SQLiteStore
  private(set) var queue: TestQueue
  private(set) var scheduler: Scheduler
  private var boot = 1

  init(at now: String, _ jobs: [JobDefinition]) async throws {
    // In memory where there is such a place: what is tested is not the disk.
    let parent = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    folder = "\(parent)/carillon-scheduling-\(UUID().uuidString)"
    clock = TestClock(Timestamp(now))
    store = try SQLiteStore.open(directory: folder, mode: .engine)
    queue = TestQueue(store)
    scheduler = Scheduler(store: store, dispatcher: queue, time: clock, timer: clock, boot: "boot-1")
    try await scheduler.begin(JobPreparation.prepared(jobs))
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: folder) } catch { print("left behind: \(folder)") }
  }

  /// The daemon is gone.
  func stop() async throws { try await store.close() }

  /// Another daemon begins.
  func start(_ jobs: [JobDefinition], afterBoot: Bool = false) async throws {
    if afterBoot { boot += 1 }
    store = try SQLiteStore.open(directory: folder, mode: .engine)
    queue = TestQueue(store)
    scheduler = Scheduler(store: store, dispatcher: queue, time: clock, timer: clock, boot: "boot-\(boot)")
    try await scheduler.begin(JobPreparation.prepared(jobs))
  }

  /// The clock goes to an instant, and the scheduler takes a turn.
  func turn(at now: String) async throws {
    clock.set(Timestamp(now))
    _ = try await scheduler.turn()
  }

  /// Turns at every instant that the scheduler wants one at, up to `end`. Runs end at once.
  func run(until end: String) async throws {
    let end = Timestamp(end)
    while let next = try await scheduler.turn(), next <= end {
      try await queue.endAll()
      clock.set(next)
    }
    clock.set(end)
    _ = try await scheduler.turn()
  }

  /// The ledger, oldest first: `12:00 fired`, `12:01–12:59 ×59 missed`.
  func ledger(_ job: String? = nil) async throws -> [String] {
    var query = InstantQuery(job: job, limit: 1_000)
    query.fates = []
    return try await store.instants(query).reversed().map { row in
      let time = row.isStretch ? "\(row.first.text)–\(row.last.text) ×\(row.count)" : row.first.text
      return "\(time) \(row.fate.name)"
    }
  }
}

extension InstantKey {
  /// `12:00`, and the day of the month before it where the tests go on for days.
  var text: String {
    let time = dueAt.civilUTC
    func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
    let seconds = time.second == 0 ? "" : ":" + two(time.second)
    return "\(time.day)T\(two(time.hour)):\(two(time.minute))\(seconds)" + (slot == 0 ? "" : "/\(slot)")
  }
}

extension JobDefinition {
  static func scheduled(
    _ expressions: String..., zone: String = "UTC", name: String = "job", _ change: (inout JobDefinition) -> Void = { _ in }
  ) -> JobDefinition {
    var job = JobDefinition(name: name, plugin: "none")
    job.schedules = expressions.enumerated().map { ScheduleSpec(name: "s\($0 + 1)", expressions: [$1], zone: zone) }
    change(&job)
    return job
  }
}
