import JobModel
import Store

/// What came due.
extension PolicyModel {
  /// The scheduler looked at what was due up to `now`.
  mutating func judge(at now: Timestamp) {
    defer { lookedAt = now }
    var due: [Due] = []
    let first = max(0, Int(min(lookedAt, now).wholeSeconds - year.lowerBound) / 60)
    let last = min(byMinute.count - 1, Int(now.wholeSeconds - year.lowerBound) / 60)
    guard first <= last else { return }
    for minute in first...last {
      for one in byMinute[minute] where isPending(one) && one.instant.key.dueAt <= now { due.append(one) }
    }
    due.sort {
      ($0.instant.key, $0.schedule.job, $0.schedule.name) < ($1.instant.key, $1.schedule.job, $1.schedule.name)
    }
    let targets = targets(due, now)
    var caughtUp: [String: Int] = [:]
    for one in due where isPending(one) {
      let run = RunKey(schedule: one.schedule, key: one.instant.key)
      let fate = fate(one, targets, now)
      schedules[one.schedule]!.mark = one.instant.key
      ledger[one.schedule, default: [:]][one.instant.key] = fate
      guard fate.hasRun, let job = jobs[one.schedule.job] else { continue }
      if fate == .fired {
        if job.overlap == .cancelOther {
          let others = inTheWay(of: job.name, at: now)
          superseded.formUnion(others.waiting.union(others.active))
        }
        make(run, start(one, job))
      } else {
        make(run, .at(paced(job, caughtUp[job.name, default: 0], now)))
        caughtUp[job.name, default: 0] += 1
      }
    }
  }

  /// Runs that are made up for begin at once, or so far apart.
  func paced(_ job: JobDefinition, _ earlier: Int, _ now: Timestamp) -> Timestamp? {
    earlier > 0 && job.catchUp.pace > .zero ? now + job.catchUp.pace * earlier : nil
  }

  private func start(_ due: Due, _ job: JobDefinition) -> Start {
    let spec = job.schedules.first { $0.name == due.schedule.name }
    guard let spec, spec.spread > .zero || spec.jitter > .zero else { return .at(nil) }
    return .delayed(from: due.instant.key.dueAt, spread: spec.spread, jitter: spec.jitter)
  }

  private func isPending(_ due: Due) -> Bool {
    guard let schedule = schedules[due.schedule], schedule.generation == due.generation else { return false }
    if let boot = due.boot, boot != self.boot { return false }
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
    guard let job = jobs[due.schedule.job] else { return .missed }  // the job is gone
    let others = inTheWay(of: job.name, at: now)
    let waits = others.waiting.count
    let age = now - due.instant.key.dueAt
    if let since = pausedSince[job.name], due.instant.key.dueAt >= since { return .paused }
    if age <= .seconds(5) { return refuses(job.overlap, waits, others.active.count) ? .skippedOverlap : .fired }
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

  func refuses(_ policy: OverlapPolicy, _ waits: Int, _ active: Int) -> Bool {
    switch policy {
    case .skip: waits + active > 0
    case .queueOne: waits > 0
    case .queueAll, .allow: waits >= 10_000
    case .cancelOther: false
    }
  }
}
