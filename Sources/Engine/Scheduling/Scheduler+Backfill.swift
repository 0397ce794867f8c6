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
        let (key, fate) = (result.instants[index].key, result.instants[index].fate)
        let run = factory.run(of: definition, json, trigger: .backfill, dueAt: key.dueAt, notBefore: nil, at: now)
        judgements.append(
          Judgement(
            schedule: numbers[index], first: key, fate: .backfilled, judgedAt: now, run: run, isCounted: fate != nil))
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
    let rules = try await pastRules(of: entries, job, since: options.from)
    var result = BackfillResult(instants: [], alreadyRun: 0)
    var found: [(instant: BackfillResult.Instant, schedule: ScheduleNumber)] = []
    var looked = 0
    for entry in entries {
      let rows = ledger[entry.number] ?? LedgerRows()
      let stretch = entry.schedule.occurrences(
        from: options.from.secondsRoundedUp, to: options.to.secondsRoundedUp)
      for occurrence in stretch {
        looked += 1
        let key = occurrence.key
        // A stretch from before the schedule was changed counts the instants that it had then.
        let fate = rows.own[key] ?? (rules[entry.number]?.has(key) ?? true ? rows.stretch(around: key) : nil)
        if fate?.hasRun ?? false {
          result.alreadyRun += 1
        } else {
          found.append((BackfillResult.Instant(schedule: entry.name, key: key, fate: fate), entry.number))
        }
        guard found.count <= Self.backfillLimit, looked <= Self.lookLimit else { throw Self.tooMany }
      }
    }
    found.sort { ($0.instant.key, $0.schedule) < ($1.instant.key, $1.schedule) }
    if options.isReverse { found.reverse() }
    result.instants = found.map(\.instant)
    return (result, found.map(\.schedule))
  }

  /// What those of the schedules said before that have changed since then.
  private func pastRules(
    of entries: [AgendaEntry], _ job: String, since: Timestamp
  ) async throws(EngineError) -> [ScheduleNumber: PastRules] {
    let changed = entries.filter { $0.since > since }
    guard !changed.isEmpty else { return [:] }
    let rules: [PastRule]
    do throws(StoreError) { rules = try await store.pastRules(job: job) } catch { throw EngineError(error) }
    let bySchedule = Dictionary(grouping: rules, by: \.schedule)
    return Dictionary(
      uniqueKeysWithValues: changed.map { entry in
        (entry.number, PastRules(bySchedule[entry.number] ?? [], of: job, until: entry.since))
      })
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
  private(set) var own: [InstantKey: InstantFate] = [:]
  /// Newest first, and apart from each other.
  private var stretches: [(first: InstantKey, last: InstantKey, fate: InstantFate)] = []

  mutating func add(_ row: InstantRecord) {
    if row.isStretch { stretches.append((row.first, row.last, row.fate)) } else { own[row.first] = row.fate }
  }

  /// The fate of a stretch that reaches over the instant.
  func stretch(around key: InstantKey) -> InstantFate? {
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

/// What a schedule said, at which time.
private struct PastRules {
  private let rules: [(since: Timestamp, judgedUpTo: Timestamp, schedule: Schedule)]
  /// From here on it says what it says now.
  private let until: Timestamp

  init(_ rules: [PastRule], of job: String, until: Timestamp) {
    let compiler = ScheduleCompiler()
    self.until = until
    self.rules = rules.compactMap { rule in
      // Nobody can tell the instants of a zone that is gone.
      do { return (rule.since, rule.judgedUpTo, try compiler.compile(rule.spec, job: job)) } catch { return nil }
    }
  }

  /// The instant was one of the schedule's when it came due.
  func has(_ key: InstantKey) -> Bool {
    if key.dueAt >= until { return true }
    guard let rule = rules.first(where: { $0.since <= key.dueAt && key.dueAt <= $0.judgedUpTo }) else { return false }
    let second = key.dueAt.secondsRoundedUp
    return rule.schedule.occurrences(from: second, to: second + 1, includingSuppressed: true).contains { $0.key == key }
  }
}
