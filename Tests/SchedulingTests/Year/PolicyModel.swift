import JobModel
import Store

/// What docs/scheduling.md says becomes of every instant, told what happened and when: independent of the scheduler, and slower.
struct PolicyModel {
  struct ScheduleID: Hashable {
    var job: String
    var name: String
  }

  /// A run, by the instant that it stands for.
  struct RunKey: Hashable {
    var schedule: ScheduleID
    var key: InstantKey
  }

  private struct Schedule {
    var generation: Int
    var since: Timestamp
    var mark: InstantKey?
  }

  private struct Due {
    var schedule: ScheduleID
    var generation: Int
    var instant: DueModel.Instant
  }

  private let year: Range<Int64>
  private var byMinute: [[Due]]
  private var schedules: [ScheduleID: Schedule] = [:]
  private var instants: [ScheduleID: [DueModel.Instant]] = [:]
  private var jobs: [String: JobDefinition] = [:]
  private var pausedSince: [String: Timestamp] = [:]
  private var lookedAt: Timestamp
  private var waiting: [String: Set<RunKey>] = [:]
  private var active: [String: Set<RunKey>] = [:]
  /// Runs of each job in the order in which they were made.
  private(set) var made: [String: [RunKey]] = [:]
  private(set) var ledger: [ScheduleID: [InstantKey: InstantFate]] = [:]

  init(_ year: Range<Int64>, at now: Timestamp) {
    self.year = year
    byMinute = Array(repeating: [], count: Int(year.upperBound - year.lowerBound) / 60)
    lookedAt = now
  }

  // MARK: What happened

  /// Jobs are in force from `now` on; `changed` are those of their schedules that are new or different.
  mutating func put(
    _ definitions: [JobDefinition], changed: [ScheduleID: [DueModel.Instant]], at now: Timestamp
  ) {
    for job in definitions { jobs[job.name] = job }
    // Nothing is judged twice: where the clock was set back, what changed begins behind what it had been judged for.
    var since = now
    for id in changed.keys { if let mark = schedules[id]?.mark { since = max(since, mark.dueAt + .microseconds(1)) } }
    for (id, instants) in changed {
      let generation = (schedules[id]?.generation ?? 0) + 1
      schedules[id] = Schedule(generation: generation, since: since)
      self.instants[id] = instants
      for instant in instants {
        let minute = Int(instant.key.dueAt.wholeSeconds - year.lowerBound) / 60
        byMinute[minute].append(Due(schedule: id, generation: generation, instant: instant))
      }
    }
  }

  mutating func began(_ run: RunKey) {
    waiting[run.schedule.job]?.remove(run)
    active[run.schedule.job, default: []].insert(run)
  }

  mutating func ended(_ run: RunKey) {
    waiting[run.schedule.job]?.remove(run)
    active[run.schedule.job]?.remove(run)
  }

  /// The daemon is gone: what was under way will have to begin again.
  mutating func crashed() {
    for (job, runs) in active { waiting[job, default: []].formUnion(runs) }
    active.removeAll()
  }

  mutating func pause(_ job: String, at now: Timestamp) {
    judge(at: now)
    if pausedSince[job] == nil { pausedSince[job] = now }
  }

  mutating func endPause(_ job: String, at now: Timestamp) {
    judge(at: now)
    guard let since = pausedSince.removeValue(forKey: job), let definition = jobs[job] else { return }
    var paused: [RunKey] = []
    for (id, rows) in ledger where id.job == job {
      for (key, fate) in rows where fate == .paused && key.dueAt >= since { paused.append(RunKey(schedule: id, key: key)) }
    }
    paused.sort { ($0.key, $0.schedule.name) < ($1.key, $1.schedule.name) }
    switch definition.afterPause {
    case .none: return
    case .latest: paused = Array(paused.suffix(1))
    case .all: paused = Array(paused.prefix(max(0, 10_000 - waiting[job, default: []].count)))
    }
    for run in paused { make(run, .backfilled) }
  }

  /// Every due instant from `from` to `to` that has no run gets one.
  mutating func backfill(_ job: String, _ from: Timestamp, _ to: Timestamp, at now: Timestamp) {
    judge(at: now)
    for (id, instants) in instants where id.job == job {
      for instant in instants where instant.kind == .due && instant.key.dueAt >= from && instant.key.dueAt < to {
        if ledger[id]?[instant.key]?.hasRun ?? false { continue }
        make(RunKey(schedule: id, key: instant.key), .backfilled)
      }
    }
  }

  // MARK: Judging

  /// The scheduler looked at what was due up to `now`.
  mutating func judge(at now: Timestamp) {
    defer { lookedAt = now }
    guard now >= lookedAt else { return }
    var due: [Due] = []
    let first = max(0, Int(lookedAt.wholeSeconds - year.lowerBound) / 60)
    let last = min(byMinute.count - 1, Int(now.wholeSeconds - year.lowerBound) / 60)
    guard first <= last else { return }
    for minute in first...last {
      for one in byMinute[minute] where isPending(one) && one.instant.key.dueAt <= now { due.append(one) }
    }
    due.sort {
      ($0.instant.key, $0.schedule.job, $0.schedule.name) < ($1.instant.key, $1.schedule.job, $1.schedule.name)
    }
    let targets = targets(due, now)
    for one in due {
      let run = RunKey(schedule: one.schedule, key: one.instant.key)
      let fate = fate(one, targets, now)
      schedules[one.schedule]!.mark = one.instant.key
      if fate.hasRun { make(run, fate) } else { ledger[one.schedule, default: [:]][one.instant.key] = fate }
    }
  }

  private func isPending(_ due: Due) -> Bool {
    guard let schedule = schedules[due.schedule], schedule.generation == due.generation else { return false }
    return due.instant.key.dueAt >= schedule.since && schedule.mark.map { $0 < due.instant.key } ?? true
  }

  /// Of each job, the last of those instants that are late and not paused.
  private func targets(_ due: [Due], _ now: Timestamp) -> [String: RunKey] {
    var targets: [String: RunKey] = [:]
    for one in due where one.instant.kind == .due && now - one.instant.key.dueAt > .seconds(5) {
      if let since = pausedSince[one.schedule.job], one.instant.key.dueAt >= since { continue }
      targets[one.schedule.job] = RunKey(schedule: one.schedule, key: one.instant.key)
    }
    return targets
  }

  private func fate(_ due: Due, _ targets: [String: RunKey], _ now: Timestamp) -> InstantFate {
    switch due.instant.kind {
    case .folded: return .folded
    case .inGap: return .inGap
    case .due: break
    }
    let job = jobs[due.schedule.job]!
    let waits = waiting[job.name, default: []].count
    let runs = waits + active[job.name, default: []].count
    let age = now - due.instant.key.dueAt
    if let since = pausedSince[job.name], due.instant.key.dueAt >= since { return .paused }
    if age <= .seconds(5) {
      return switch job.overlap {
      case .skip: runs > 0 ? .skippedOverlap : .fired
      case .queueOne: waits > 0 ? .skippedOverlap : .fired
      case .queueAll, .allow: waits >= 10_000 ? .skippedOverlap : .fired
      case .cancelOther: .fired
      }
    }
    if age > job.catchUp.within { return .outsideWindow }
    let isCaughtUp =
      switch job.catchUp.backlog {
      case .none: false
      case .latest: targets[job.name] == RunKey(schedule: due.schedule, key: due.instant.key)
      case .all: true
      }
    if !isCaughtUp { return .missed }
    return waits >= 10_000 ? .skippedOverlap : .caughtUp
  }

  private mutating func make(_ run: RunKey, _ fate: InstantFate) {
    ledger[run.schedule, default: [:]][run.key] = fate
    waiting[run.schedule.job, default: []].insert(run)
    made[run.schedule.job, default: []].append(run)
  }
}
