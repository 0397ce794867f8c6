import Cron
import JobModel
import Store

/// Runs for instants that have none.
extension Scheduler {
  /// Instants without a run that one call takes.
  private static let backfillLimit = 10_000
  /// Instants and rows that one call looks at.
  private static let lookLimit = 1_000_000

  /// Makes, or plans, runs for the due instants of a stretch that have none, as the schedules in force have it. Throws `state` for
  /// an unknown job or schedule, a stretch that ends in the future, and one with more than 10,000 such instants.
  package func backfill(_ job: String, _ options: BackfillOptions) async throws(EngineError) -> BackfillResult {
    await enter()
    defer { leave() }
    let now = time.now()
    guard let scheduled = shelf[job] else { throw EngineError(.state, "there is no job \(job)") }
    guard options.from < options.to else {
      throw EngineError(.state, "the stretch to backfill ends before it begins; its end is exclusive")
    }
    guard options.to <= now else {
      throw EngineError(.state, "the stretch to backfill ends in the future: what comes due later runs by itself")
    }
    let entries = agenda.entries(of: scheduled).filter { options.schedule == nil || $0.name == options.schedule }
    guard !entries.isEmpty else {
      throw EngineError(.state, "\(job) has no schedule\(options.schedule.map { " named \($0)" } ?? "")")
    }
    if mustReread { try await reread() }
    try await sweep(upTo: now)
    var (result, numbers) = try await missing(entries, job, options)
    guard !options.isPlan else { return result }
    let waiting = queue.places.census(of: job, at: now).waiting
    guard waiting + result.instants.count <= Sweep.queueLimit else {
      throw EngineError(
        .state,
        "\(waiting) runs of \(job) wait already, and \(result.instants.count) more would be too many: take a shorter stretch")
    }
    let (definition, json) = (try shelf.definition(of: scheduled), try shelf.json(of: scheduled))
    let lane: WaitingRun.Lane = options.parallel > 1 ? .beside(limit: options.parallel) : .serial
    for first in stride(from: 0, to: result.instants.count, by: 2_000) {
      let part = first..<min(first + 2_000, result.instants.count)
      var judgements: [Judgement] = []
      for index in part {
        let key = result.instants[index].key
        let run = factory.run(of: definition, json, trigger: .backfill, dueAt: key.dueAt, notBefore: nil, at: now)
        judgements.append(
          Judgement(schedule: numbers[index], first: key, fate: .backfilled, judgedAt: now, run: run))
      }
      let made = try await backfill(judgements, lane: lane)
      for (index, run) in zip(part, made) { result.instants[index].run = run }
    }
    return result
  }

  /// The instants of the stretch without a run, in the order of the runs that they are to have, with their schedules.
  private func missing(
    _ entries: [AgendaEntry], _ job: String, _ options: BackfillOptions
  ) async throws(EngineError) -> (BackfillResult, [ScheduleNumber]) {
    let ledger = try await ledger(of: entries, job, options)
    var result = BackfillResult(instants: [], alreadyRun: 0)
    var found: [(instant: BackfillResult.Instant, schedule: ScheduleNumber)] = []
    var looked = 0
    for entry in entries {
      let rows = ledger[entry.number] ?? LedgerRows()
      let stretch = entry.schedule.occurrences(
        from: options.from.secondsRoundedUp, to: options.to.secondsRoundedUp)
      for occurrence in stretch {
        looked += 1
        let fate = rows.fate(of: occurrence.key)
        if fate?.hasRun ?? false {
          result.alreadyRun += 1
        } else {
          found.append((BackfillResult.Instant(schedule: entry.name, key: occurrence.key, fate: fate), entry.number))
        }
        guard found.count <= Self.backfillLimit, looked <= Self.lookLimit else { throw Self.tooMany }
      }
    }
    found.sort { ($0.instant.key, $0.schedule) < ($1.instant.key, $1.schedule) }
    if options.isReverse { found.reverse() }
    result.instants = found.map(\.instant)
    return (result, found.map(\.schedule))
  }

  private func ledger(
    of entries: [AgendaEntry], _ job: String, _ options: BackfillOptions
  ) async throws(EngineError) -> [ScheduleNumber: LedgerRows] {
    var ledger = Dictionary(uniqueKeysWithValues: entries.map { ($0.number, LedgerRows()) })
    var query = InstantQuery(job: job, from: options.from, to: options.to, limit: 1_000)
    var looked = 0
    while true {
      let page: [InstantRecord]
      do throws(StoreError) { page = try await store.instants(query) } catch { throw EngineError(error) }
      for row in page { ledger[row.schedule]?.add(row) }
      looked += page.count
      guard looked <= Self.lookLimit else { throw Self.tooMany }
      guard page.count == query.limit, let last = page.last else { return ledger }
      query.cursor = last.cursor
    }
  }

  private static var tooMany: EngineError {
    EngineError(
      .state, "the stretch holds more than \(backfillLimit) instants without a run: backfill it in shorter stretches")
  }
}

/// Rows of one schedule, asked by instant.
private struct LedgerRows {
  private var own: [InstantKey: InstantFate] = [:]
  /// Newest first, and apart from each other.
  private var stretches: [(first: InstantKey, last: InstantKey, fate: InstantFate)] = []

  mutating func add(_ row: InstantRecord) {
    if row.isStretch { stretches.append((row.first, row.last, row.fate)) } else { own[row.first] = row.fate }
  }

  func fate(of key: InstantKey) -> InstantFate? {
    if let fate = own[key] { return fate }
    var low = 0
    var high = stretches.count
    while low < high {
      let middle = (low + high) / 2
      if stretches[middle].first <= key { high = middle } else { low = middle + 1 }
    }
    guard low < stretches.count, key <= stretches[low].last else { return nil }
    return stretches[low].fate
  }
}
