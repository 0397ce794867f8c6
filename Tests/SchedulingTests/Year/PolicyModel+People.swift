import JobModel
import Store

/// Pauses, backfills, runs by hand.
extension PolicyModel {
  mutating func pause(_ job: String, at now: Timestamp) {
    judge(at: now)
    if pausedSince[job] == nil { pausedSince[job] = now }
  }

  mutating func endPause(_ job: String, at now: Timestamp) {
    judge(at: now)
    guard let since = pausedSince.removeValue(forKey: job), let definition = jobs[job] else { return }
    var judged: [(run: RunKey, fate: InstantFate)] = []
    for (id, rows) in ledger where instants[id] != nil && id.job == job {
      for (key, fate) in rows where (fate == .paused || fate == .backfilled) && key.dueAt >= since {
        judged.append((RunKey(schedule: id, key: key), fate))
      }
    }
    judged.sort { ($0.run.key, $0.run.schedule.name) < ($1.run.key, $1.run.schedule.name) }
    let room = max(0, 10_000 - inTheWay(of: job, at: now).waiting.count)
    let paused: [RunKey]
    switch definition.afterPause {
    case .none: return
    case .latest: paused = judged.suffix(min(room, 1)).filter { $0.fate == .paused }.map(\.run)
    case .all: paused = Array(judged.filter { $0.fate == .paused }.map(\.run).prefix(room))
    }
    for (index, run) in paused.enumerated() {
      ledger[run.schedule, default: [:]][run.key] = .backfilled
      make(run, .at(paced(definition, index, now)))
    }
  }

  /// Every due instant from `from` to `to` that has no run gets one.
  mutating func backfill(_ job: String, _ from: Timestamp, _ to: Timestamp, at now: Timestamp) {
    judge(at: now)
    var missing: [RunKey] = []
    for (id, instants) in instants where id.job == job {
      for instant in instants where instant.kind == .due && instant.key.dueAt >= from && instant.key.dueAt < to {
        if !(ledger[id]?[instant.key]?.hasRun ?? false) { missing.append(RunKey(schedule: id, key: instant.key)) }
      }
    }
    missing.sort { ($0.key, $0.schedule.name) < ($1.key, $1.schedule.name) }
    for run in missing {
      ledger[run.schedule, default: [:]][run.key] = .backfilled
      make(run, .at(nil))
    }
  }

  /// A person wants a run, now or from `until` on. Whether there is to be one; the ledger of instants has nothing to do with it.
  mutating func trigger(_ job: String, _ overlap: OverlapPolicy, until: Timestamp?, at now: Timestamp) -> Bool {
    let others = inTheWay(of: job, at: now)
    if refuses(overlap, others.waiting.count, others.active.count) { return false }
    runsByHand += 1
    let run = RunKey(schedule: ScheduleID(job: job, name: "by hand"), key: InstantKey(now, slot: runsByHand))
    if overlap == .cancelOther { superseded.formUnion(others.waiting.union(others.active)) }
    if let until { putOff[job, default: [:]][run] = until }
    make(run, .at(until))
    return true
  }
}
