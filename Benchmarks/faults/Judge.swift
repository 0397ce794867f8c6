/// Holds the store against the ledger: after every kill, and when the run has ended.
struct Judge {
  private let job: CampaignJob
  /// Workers are killed too: items may have died, and be tried again.
  private let allowsDeaths: Bool
  /// Items that the store has called done so far, as it had them.
  private var acknowledged: [String: RunSnapshot.Item] = [:]
  private var linesSeen = 0

  /// Items that were done, or are to be done, and are not so in the store.
  private(set) var lost = 0
  /// Items recorded twice, or done again after they had been recorded.
  private(set) var duplicated = 0
  /// Whatever else is wrong.
  private(set) var problems: [String] = []

  init(_ job: CampaignJob, allowsDeaths: Bool = false) {
    self.job = job
    self.allowsDeaths = allowsDeaths
  }

  mutating func blame(_ problem: String) { problems.append("\(job.name): \(problem)") }

  /// No engine is alive: what has been recorded must still stand, with the ledger behind it.
  mutating func look(at snapshot: RunSnapshot, _ ledger: Ledger) {
    if snapshot.integrity != "ok" { blame("the file is damaged: \(snapshot.integrity)") }
    for line in ledger.lines[linesSeen...] where acknowledged[line.key] != nil {
      duplicated += 1
      blame("\(line.key) was done again after it had been recorded")
    }
    linesSeen = ledger.lines.count
    let rows = Dictionary(grouping: snapshot.items, by: \.key)
    for (key, rows) in rows where rows.count > 1 {
      duplicated += 1
      blame("\(key) has \(rows.count) rows")
    }
    for (key, before) in acknowledged {
      if rows[key]?.first?.state != RunSnapshot.itemSucceeded {
        lost += 1
        blame("\(key) was recorded as succeeded and is so no more")
      } else if rows[key]?.first != before {
        duplicated += 1
        blame("\(key) was recorded again")
      }
    }
    let written = Set(ledger.lines)
    for item in snapshot.succeeded {
      let line = Ledger.Line(key: item.key, attempt: 1, pid: item.pid)
      if !written.contains(line) { blame("\(item.key) counts as done by \(item.pid), which did not do it") }
      acknowledged[item.key] = item
    }
    checkCharges(snapshot)
    checkCounts(snapshot)
  }

  /// The run has ended.
  mutating func close(_ snapshot: RunSnapshot, _ ledger: Ledger) {
    look(at: snapshot, ledger)
    if snapshot.stateName != "succeeded" { blame("the run ended as \(snapshot.stateName)") }
    let expected = Set((1...job.items).map { "item-\($0)" })
    let done = Set(snapshot.succeeded.map(\.key))
    let missing = expected.subtracting(done)
    if !missing.isEmpty {
      lost += missing.count
      blame("\(missing.count) items did not succeed: \(missing.sorted().prefix(5).joined(separator: ", ")) …")
    }
    if let strange = snapshot.items.first(where: { !expected.contains($0.key) }) { blame("nobody named \(strange.key)") }
  }

  /// A crash of the daemon or of a worker with several items costs none of them anything.
  private mutating func checkCharges(_ snapshot: RunSnapshot) {
    for item in snapshot.items {
      let isDone = item.state == RunSnapshot.itemSucceeded
      if item.attempts != (isDone ? 1 : 0) { blame("\(item.key) was charged \(item.attempts) attempts") }
      if item.deaths > 0 && !allowsDeaths { blame("\(item.key) was charged with a death") }
    }
    if !allowsDeaths && !snapshot.tries.isEmpty { blame("tries that failed are on record: \(snapshot.tries)") }
    // 2 infrastructure, 3 poison.
    let strange = snapshot.tries.filter { $0.key != 2 && $0.key != 3 }
    if !strange.isEmpty { blame("tries failed for causes that there were none of: \(strange)") }
  }

  /// The run's own counts must be the counts of its items.
  private mutating func checkCounts(_ snapshot: RunSnapshot) {
    let states = [0, 2, 3, 4, 5, 6, 7]
    let counted = states.map { state in snapshot.items.count { $0.state == state } }
    if counted != snapshot.counts { blame("the run counts \(snapshot.counts), its items are \(counted)") }
  }
}
