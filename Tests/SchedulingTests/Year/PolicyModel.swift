import JobModel
import Store

/// What docs/scheduling.md says becomes of every instant, told what happened and when: independent of the scheduler, and slower.
///
///     PolicyModel+Judging   what came due
///     PolicyModel+People    pauses, backfills, runs by hand
struct PolicyModel {
  struct ScheduleID: Hashable {
    var job: String
    var name: String
  }

  /// A run, by the instant that it stands for, or by the moment when a person asked for it.
  struct RunKey: Hashable {
    var schedule: ScheduleID
    var key: InstantKey
  }

  /// When a run may begin.
  enum Start: Equatable {
    /// nil: at once.
    case at(Timestamp?)
    /// After some of its spread and jitter.
    case delayed(from: Timestamp, spread: Duration, jitter: Duration)
  }

  struct Made {
    var run: RunKey
    var start: Start
  }

  struct Schedule {
    var generation: Int
    var since: Timestamp
    var mark: InstantKey?
    var isReboot: Bool
  }

  /// A schedule that is new or different, with its instants.
  struct Change {
    var instants: [DueModel.Instant]
    var isReboot: Bool
  }

  struct Due {
    var schedule: ScheduleID
    var generation: Int
    var instant: DueModel.Instant
    /// Only in this boot.
    var boot: Int?
  }

  let year: Range<Int64>
  var byMinute: [[Due]]
  var schedules: [ScheduleID: Schedule] = [:]
  var instants: [ScheduleID: [DueModel.Instant]] = [:]
  /// In force.
  var jobs: [String: JobDefinition] = [:]
  var pausedSince: [String: Timestamp] = [:]
  var lookedAt: Timestamp
  var waiting: [String: Set<RunKey>] = [:]
  var active: [String: Set<RunKey>] = [:]
  /// By job: until when a person put off a run of it.
  var putOff: [String: [RunKey: Timestamp]] = [:]
  var boot = 0
  var bootedAt: Timestamp
  /// Runs of each job in the order in which they were made.
  var made: [String: [Made]] = [:]
  /// Runs that newer ones are to have taken the place of.
  var superseded: Set<RunKey> = []
  var ledger: [ScheduleID: [InstantKey: InstantFate]] = [:]
  var runsByHand = 0

  init(_ year: Range<Int64>, at now: Timestamp) {
    self.year = year
    byMinute = Array(repeating: [], count: Int(year.upperBound - year.lowerBound) / 60)
    lookedAt = now
    bootedAt = now
  }

  // MARK: What happened

  /// These jobs are in force, with their policies; their schedules are not yet.
  mutating func adopt(_ definitions: [JobDefinition]) {
    jobs = Dictionary(uniqueKeysWithValues: definitions.map { ($0.name, $0) })
  }

  /// Jobs are in force from `now` on; `changed` are those of their schedules that are new or different. What is not among theirs any
  /// more is gone.
  mutating func put(_ definitions: [JobDefinition], changed: [ScheduleID: Change], at now: Timestamp) {
    adopt(definitions)
    var kept: Set<ScheduleID> = []
    for job in definitions { for spec in job.schedules { kept.insert(ScheduleID(job: job.name, name: spec.name)) } }
    for id in instants.keys where !kept.contains(id) {
      schedules[id]!.generation += 1
      instants[id] = nil
    }
    for (id, change) in changed {
      let generation = (schedules[id]?.generation ?? 0) + 1
      // Nothing is judged twice: where the clock was set back, what changed begins behind what it had been judged for.
      let since = schedules[id]?.mark.map { max(now, $0.dueAt + .microseconds(1)) } ?? max(now, schedules[id]?.since ?? now)
      schedules[id] = Schedule(generation: generation, since: since, isReboot: change.isReboot)
      instants[id] = change.instants
      for instant in change.instants { add(Due(schedule: id, generation: generation, instant: instant)) }
      if change.isReboot { addBoot(id) }
    }
  }

  /// The daemon starts for the first time after the machine did. To be told before what the daemon judges then.
  mutating func booted(at now: Timestamp) {
    boot += 1
    bootedAt = now
    for id in instants.keys where schedules[id]!.isReboot { addBoot(id) }
  }

  private mutating func addBoot(_ id: ScheduleID) {
    let instant = DueModel.Instant(key: InstantKey(bootedAt), kind: .due)
    add(Due(schedule: id, generation: schedules[id]!.generation, instant: instant, boot: boot))
  }

  private mutating func add(_ due: Due) {
    byMinute[Int(due.instant.key.dueAt.wholeSeconds - year.lowerBound) / 60].append(due)
  }

  mutating func began(_ run: RunKey) {
    waiting[run.schedule.job]?.remove(run)
    active[run.schedule.job, default: []].insert(run)
  }

  mutating func ended(_ run: RunKey) {
    waiting[run.schedule.job]?.remove(run)
    active[run.schedule.job]?.remove(run)
    putOff[run.schedule.job]?[run] = nil
  }

  /// The daemon is gone: what was under way will have to begin again.
  mutating func crashed() {
    for (job, runs) in active { waiting[job, default: []].formUnion(runs) }
    active.removeAll()
  }

  /// Runs of a job that stand in the way of another: those that wait, but for what a person put off until later, and those under way.
  func inTheWay(of job: String, at now: Timestamp) -> (waiting: Set<RunKey>, active: Set<RunKey>) {
    var waits = waiting[job, default: []]
    for (run, until) in putOff[job, default: [:]] where until > now { waits.remove(run) }
    return (waits, active[job, default: []])
  }

  mutating func make(_ run: RunKey, _ start: Start) {
    waiting[run.schedule.job, default: []].insert(run)
    made[run.schedule.job, default: []].append(Made(run: run, start: start))
  }
}
