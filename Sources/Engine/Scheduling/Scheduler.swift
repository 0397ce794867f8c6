import Cron
import DequeModule
import HeapModule
package import JobModel
package import Store

/// Judges due instants and makes runs; in a daemon nobody else makes runs. docs/scheduling.md says what becomes of an instant.
///
///     Scheduler+Sweep      what has come due, into the ledger and the queue
///     Scheduler+Jobs       which jobs and schedules are in force
///     Scheduler+Runs       runs that people ask for, and those left behind
///     Scheduler+Pause      pauses and what is made up for after them
///     Scheduler+Backfill   runs for instants that have none
package actor Scheduler {
  package nonisolated let heartbeat = Heartbeat()
  nonisolated let store: any Store & ScheduleStore
  nonisolated let queue: any RunQueue
  nonisolated let time: any TimeSource
  nonisolated let timer: any WallTimer
  private let boot: String?

  var shelf = JobShelf()
  var agenda = Agenda([])
  var pausedJobs: [String: PauseRecord] = [:]
  var factory: RunFactory
  var bootRecord: BootRecord?
  /// The ledger may hold more than is known here: a transaction failed, and nobody can say whether it was made durable.
  var mustReread = false
  /// Runs that are still to be cancelled.
  var superseded: [Superseded] = []
  /// Schedules of the store that could not be read at the start, a line each.
  package internal(set) var lostSchedules: [String] = []
  /// The moment whose jobs have been prepared.
  var preparedFor: Timestamp?

  /// The agenda is being changed; others wait their turn. Decisions that only need a run's place do not.
  private var isBusy = false
  private var turns: Deque<CheckedContinuation<Void, Never>> = []

  /// - Parameters:
  ///   - boot: the machine's boot, for tests; nil: as the kernel says.
  ///   - seed: of ids and jitter, for tests; nil: another each time.
  package init(
    store: any Store & ScheduleStore, dispatcher: any RunQueue, time: any TimeSource = SystemTimeSource(),
    timer: any WallTimer = SystemWallTimer(), boot: String? = nil, seed: UInt64? = nil
  ) {
    self.store = store
    queue = dispatcher
    self.time = time
    self.timer = timer
    self.boot = boot
    factory = RunFactory(seed: seed ?? .random(in: .min ... .max))
  }

  /// Takes up runs that were left behind, judges what went by, and puts the jobs in force. Called once, before `run`.
  package func begin(_ jobs: PreparedJobs) async throws(EngineError) {
    await enter()
    defer { leave() }
    let now = time.now()
    let boot = if let boot { boot } else { try BootRecord.systemBoot() }
    do throws(StoreError) {
      pausedJobs = Dictionary(try await store.pauses().map { ($0.job, $0) }) { $1 }
      try await takeUpLeftBehind()
      bootRecord = try await BootRecord.current(boot, at: now, in: store)
    } catch {
      throw EngineError(error)
    }
    try await installFirst(jobs, at: now)
    heartbeat.turned(at: time.uptime(), problem: nil)
  }

  /// Judges what comes due until its task is cancelled. Throws `store` when the store is damaged or closed; while it has no room
  /// it is tried again every second, and `heartbeat.problem` says so.
  package func run() async throws(EngineError) {
    while !Task.isCancelled {
      let until = try await turn()
      do {
        if try await timer.wait(until: until) == .clockSet { await queue.clockWasSet() }
      } catch let error as EngineError {
        throw error
      } catch {
        return  // cancelled
      }
    }
  }

  /// Has the loop of `run` take a turn, so that `heartbeat.last` moves on: for a watchdog.
  package nonisolated func poke() { timer.wake() }

  /// One turn of the loop: judges what has come due. Returns when the next turn is wanted; nil: nothing will come due.
  package func turn() async throws(EngineError) -> Timestamp? {
    await enter()
    defer { leave() }
    do throws(EngineError) {
      if mustReread { try await reread() }
      try await cancelSuperseded()
      try await sweep(upTo: time.now())
      try prepareNext()
      heartbeat.turned(at: time.uptime(), problem: nil)
      return mustReread ? time.now() : agenda.heap.min?.dueAt
    } catch {
      guard let cause = error.cause as? StoreError, cause.code == .full || cause.code == .io else { throw error }
      heartbeat.turned(at: time.uptime(), problem: error.message)
      return time.now() + .seconds(1)
    }
  }

  // MARK: One after another

  /// Waits until nobody else changes the agenda.
  func enter() async {
    if !isBusy {
      isBusy = true
      return
    }
    await withCheckedContinuation { turns.append($0) }
  }

  /// Lets the next one in.
  func leave() {
    if let next = turns.popFirst() { next.resume() } else { isBusy = false }
  }

  // MARK: Answers

  /// What is due next, of one job or of all, soonest first.
  /// - Parameter isFirstOnly: of each schedule only its next instant.
  package func upcoming(job: String?, limit: Int, isFirstOnly: Bool = false) -> [Upcoming] {
    var heap = soonest(limit, of: job)
    var found: [Upcoming] = []
    while found.count < limit, let due = heap.popMin() {
      if !isFirstOnly, let next = firstToFire(from: agenda.next(after: due)) { heap.insert(next) }
      let entry = agenda.entries[Int(due.entry)]
      let zone = entry.schedule.zone
      found.append(
        Upcoming(
          job: entry.job.name, schedule: entry.name, key: due.key, zone: zone.identifier,
          offset: zone.offset(at: due.dueAt.wholeSeconds)))
    }
    return found
  }

  /// The next instants of those schedules that are due soonest, at most `limit`.
  private func soonest(_ limit: Int, of job: String?) -> Heap<DueInstant> {
    var soonest = Heap<DueInstant>()
    for due in agenda.heap.unordered where job.map({ agenda.entries[Int(due.entry)].job.name == $0 }) ?? true {
      guard let due = firstToFire(from: due) else { continue }
      if soonest.count < limit {
        soonest.insert(due)
      } else if let last = soonest.max, due < last {
        soonest.replaceMax(with: due)
      }
    }
    return soonest
  }

  /// The instant, or the next one of its schedule that is not left out by a change of the clocks.
  private func firstToFire(from due: DueInstant?) -> DueInstant? {
    var due = due
    while let one = due, one.kind == .inGap || one.kind == .folded { due = agenda.next(after: one) }
    return due
  }

  /// Those in force, by name.
  package func jobs() throws(EngineError) -> [JobDefinition] { try shelf.definitions() }
  package var jobCount: Int { shelf.count }
  /// In order.
  package var jobNames: [String] { shelf.names }
  package func hasJob(_ name: String) -> Bool { shelf[name] != nil }
  package func job(_ name: String) throws(EngineError) -> JobDefinition? {
    try shelf[name].map { (job) throws(EngineError) in try shelf.look(at: job) }
  }
  /// Pauses in force, by job.
  package var pauses: [PauseRecord] { pausedJobs.values.sorted { $0.job < $1.job } }
  /// Runs of the job that have not ended.
  package nonisolated func unfinished(_ job: String) -> Int { queue.places.count(of: job) }
  /// Schedules in force.
  package var scheduleCount: Int { agenda.entries.count }
}
