import Cron
import JobModel
package import Store

/// Pauses and what is made up for after them.
extension Scheduler {
  /// Pauses a job: its instants are judged as `paused` from now on. One that is paused takes the note. Runs that wait or are under
  /// way go on. Throws `state` for a job that is not in force.
  package func pause(_ job: String, note: String) async throws(EngineError) -> PauseRecord {
    await enter()
    defer { leave() }
    guard shelf[job] != nil else { throw EngineError(.state, "there is no job \(job) to pause") }
    if mustReread { try await reread() }
    let now = time.now()
    try await sweep(upTo: now)
    do throws(StoreError) {
      let pause = try await store.pause(job: job, note: note, at: now)
      pausedJobs[job] = pause
      return pause
    } catch {
      throw EngineError(error)
    }
  }

  /// Ends a job's pause and makes up for its instants as `afterPause` says: one after another, `catch_up`'s pace apart, however old
  /// they are. nil: it was not paused.
  package func endPause(_ job: String) async throws(EngineError) -> (pause: PauseRecord, caughtUp: Int)? {
    await enter()
    defer { leave() }
    guard let pause = pausedJobs[job] else { return nil }
    if mustReread { try await reread() }
    let now = time.now()
    try await sweep(upTo: now)
    // Before the pause ends in the store: killed in between, the next end of the pause makes up for the rest.
    var caughtUp = 0
    if let scheduled = shelf[job], let policies = scheduled.policies, policies.afterPause != .none {
      caughtUp = try await makeUp(for: pause, scheduled, policies, now)
    }
    do throws(StoreError) { _ = try await store.endPause(job: job) } catch { throw EngineError(error) }
    pausedJobs[job] = nil
    return (pause, caughtUp)
  }

  private func makeUp(
    for pause: PauseRecord, _ job: ScheduledJob, _ policies: SchedulingPolicies, _ now: Timestamp
  ) async throws(EngineError) -> Int {
    let room = Sweep.queueLimit - queue.places.census(of: job.name, at: now).waiting
    guard room > 0 else { return 0 }
    let instants =
      policies.afterPause == .latest
      ? try await latestPaused(of: job, since: pause.since) : try await oldestPaused(of: job, since: pause.since, limit: room)
    let (definition, json) = (try shelf.definition(of: job), try shelf.json(of: job))
    var sweep = Sweep(now: now)
    var made = 0
    for first in stride(from: 0, to: instants.count, by: 2_000) {
      var judgements: [Judgement] = []
      for instant in instants[first..<min(first + 2_000, instants.count)] {
        let run = factory.run(
          of: definition, json, trigger: .catchUp, dueAt: instant.key.dueAt,
          notBefore: sweep.pace(policies, of: job.name), at: now)
        judgements.append(
          Judgement(schedule: instant.schedule, first: instant.key, fate: .backfilled, judgedAt: now, run: run))
      }
      made += try await backfill(judgements, lane: .serial).compactMap(\.self).count
    }
    return made
  }

  private typealias PausedInstant = (key: InstantKey, schedule: ScheduleNumber)

  /// The last of the job's instants since `since`; none when it has a run: from a try to end this pause that did not get to its end, or
  /// from a person.
  private func latestPaused(of job: ScheduledJob, since: Timestamp) async throws(EngineError) -> [PausedInstant] {
    let inForce = Set(agenda.entries(of: job).map(\.number))
    var query = InstantQuery(job: job.name, from: since, limit: 1_000)
    query.fates = [.paused, .backfilled]
    var newest: InstantRecord?
    while newest == nil {
      let page = try await instants(query)
      newest = page.first { inForce.contains($0.schedule) }
      guard page.count == query.limit, let last = page.last else { break }
      query.cursor = last.cursor
    }
    guard let newest else { return [] }
    // A stretch that began earlier may end later.
    query.from = newest.first.dueAt
    query.cursor = nil
    let latest = try await instants(query).filter { inForce.contains($0.schedule) }.max {
      ($0.last, $0.schedule, $0.isStretch ? 0 : 1) < ($1.last, $1.schedule, $1.isStretch ? 0 : 1)
    }
    return latest.flatMap { $0.fate == .paused ? [($0.last, $0.schedule)] : nil } ?? []
  }

  /// The oldest `limit` of the job's instants since `since` that were judged as paused, in their order.
  private func oldestPaused(
    of job: ScheduledJob, since: Timestamp, limit: Int
  ) async throws(EngineError) -> [PausedInstant] {
    let entries = Dictionary(uniqueKeysWithValues: agenda.entries(of: job).map { ($0.number, $0) })
    var query = InstantQuery(job: job.name, from: since, limit: 1_000)
    query.fates = [.paused]
    query.isOldestFirst = true
    var found: [PausedInstant] = []
    while true {
      let page = try await instants(query)
      for row in page {
        guard let entry = entries[row.schedule] else { continue }
        for key in row.keys(entry, from: since) { found.append((key, row.schedule)) }
      }
      found.sort { ($0.key, $0.schedule) < ($1.key, $1.schedule) }
      if found.count > limit { found.removeSubrange(limit...) }
      guard page.count == query.limit, let last = page.last else { return found }
      // Rows come by their first instants.
      if found.count == limit, let youngest = found.last, youngest.key < last.first { return found }
      query.cursor = last.cursor
      heartbeat.turned(at: time.uptime(), problem: nil)
    }
  }

  private func instants(_ query: InstantQuery) async throws(EngineError) -> [InstantRecord] {
    do throws(StoreError) { return try await store.instants(query) } catch { throw EngineError(error) }
  }

  /// Records runs for instants behind the mark, and lets them wait for their turn. nil for one that has a run by now.
  func backfill(_ judgements: [Judgement], lane: WaitingRun.Lane) async throws(EngineError) -> [RunID?] {
    for case let run? in judgements.map(\.run) { queue.places.reserve(run.id, of: run.job.name) }
    let receipts: [JudgementReceipt]
    do throws(StoreError) { receipts = try await store.judge(judgements) } catch {
      for case let run? in judgements.map(\.run) { queue.places.release(run.id, of: run.job.name) }
      mustReread = true
      timer.wake()  // its runs may be in the store, and wait for somebody
      throw EngineError(error)
    }
    var waiting: [WaitingRun] = []
    var made: [RunID?] = []
    for (judgement, receipt) in zip(judgements, receipts) {
      guard let run = judgement.run else { continue }
      if case .recorded(let number?) = receipt {
        heartbeat.judged(.backfilled, count: 1)
        waiting.append(WaitingRun(run, number, lane))
        made.append(run.id)
      } else {
        queue.places.release(run.id, of: run.job.name)
        made.append(nil)
      }
    }
    await queue.submit(waiting)
    return made
  }
}

extension InstantRecord {
  /// The instants that a row may stand for. Of a stretch from before the schedule was changed only its ends can be told.
  fileprivate func keys(_ entry: AgendaEntry, from: Timestamp) -> [InstantKey] {
    guard isStretch else { return [first] }
    guard first.dueAt >= entry.since else { return [first, last].filter { $0.dueAt >= from } }
    var keys: [InstantKey] = []
    let schedule = entry.schedule
    var one = schedule.next(after: max(first.dueAt, from).secondsRoundedUp - 1)
    while let occurrence = one, occurrence.key <= last, keys.count <= Sweep.queueLimit {
      if occurrence.key >= first { keys.append(occurrence.key) }
      one = schedule.next(after: occurrence)
    }
    if keys.last != last { keys.append(last) }
    return keys
  }
}
