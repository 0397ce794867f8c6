/// Items, and the plugin's own ledger.
extension DaemonJudge {
  /// What is recorded was done; what was recorded is not done again and stays recorded as it was.
  mutating func checkWork(_ database: Database, _ ledger: Ledger) throws {
    for line in ledger.lines[linesSeen...] where acknowledged[line.key] != nil {
      duplicated += 1
      blame("\(line.key) was done again after it had been recorded")
    }
    struct Doing: Hashable {
      var key: String
      var attempt: Int
      var pid: Int
    }
    let written = Set(ledger.lines.map { Doing(key: $0.key, attempt: $0.attempt, pid: $0.pid) })
    let done = try database.rows(
      """
      SELECT run.id || '/' || item.key, item.attempts, item.pid, item.deaths, item.started_us, item.duration_us
      FROM item JOIN run ON run.number = item.run WHERE item.state = 3
      """)
    var now: [String: [String]] = [:]
    for row in done {
      if !written.contains(Doing(key: row[0], attempt: Int(row[1])!, pid: Int(row[2])!)) {
        blame("\(row[0]) counts as done by \(row[2]), which did not do it")
      }
      if now.updateValue(row, forKey: row[0]) != nil {
        duplicated += 1
        blame("\(row[0]) has several rows")
      }
    }
    for (key, before) in acknowledged {
      guard let row = now[key] else {
        lost += 1
        blame("\(key) was recorded as done and is so no more")
        continue
      }
      if row != before {
        duplicated += 1
        blame("\(key) was recorded again")
      }
    }
    acknowledged = now
  }

  /// The plugin's word against the store's: no instant has been worked for by two runs, and all work was for the instant of a run
  /// that is on record, with a row that says so.
  mutating func checkWitness(_ database: Database, _ ledger: Ledger) throws {
    struct Known {
      var instant: Ledger.Instant
      var hasFired: Bool
    }
    var known: [String: Known] = [:]
    for row in try database.rows(
      """
      SELECT run.id, run.job, run.due_us, EXISTS (
        SELECT 1 FROM instant JOIN schedule ON schedule.number = instant.schedule
        WHERE instant.run = run.number AND schedule.job = run.job AND instant.due_us = run.due_us AND instant.fate IN (0, 1))
      FROM run
      """)
    { known[row[0]] = Known(instant: Ledger.Instant(job: row[1], due: Int(row[2]) ?? 0), hasFired: row[3] == "1") }
    var blamed: Set<String> = []
    for line in ledger.lines[linesSeen...] {
      let run = String(line.key.prefix { $0 != "/" })
      guard let instant = line.instant, instant.due > 0 else {
        unaccounted += 1
        blame("\(line.key) was done for no instant")
        continue
      }
      let before = worked[instant, default: []]
      if !before.isEmpty, !before.contains(run) {
        duplicated += 1
        blame("\(instant.job) was run for \(instant.due) by \(run), and by \(before.sorted().joined(separator: ", "))")
      }
      worked[instant, default: []].insert(run)
      if known[run]?.instant == instant, known[run]?.hasFired ?? false { continue }
      guard blamed.insert(run).inserted else { continue }
      unaccounted += 1
      guard let record = known[run] else {
        blame("\(line.key) was done, and its run is not on record")
        continue
      }
      if record.instant != instant {
        blame("\(line.key) was done for \(instant), and its run is on record for \(record.instant)")
      } else {
        blame("\(line.key) was done for \(instant), which has not fired by the ledger of instants")
      }
    }
  }

  /// Every run succeeded with all of its items, and counts them as they are.
  mutating func checkEnds(_ database: Database) throws {
    for row in try database.rows("SELECT id, state FROM run WHERE state <> 4") {
      blame("run \(row[0]) ended in state \(row[1])")
    }
    let names = (1...campaign.items).map { "'item-\($0)'" }.joined(separator: ", ")
    for row in try database.rows(
      """
      SELECT run.id, count(DISTINCT item.key), run.succeeded
      FROM run LEFT JOIN item ON item.run = run.number AND item.state = 3 AND item.key IN (\(names)) GROUP BY run.number
      """)
    {
      let done = Int(row[1])!
      if done < campaign.items {
        lost += campaign.items - done
        blame("run \(row[0]) has \(done) of its \(campaign.items) items done")
      }
      if Int(row[2]) != done { blame("run \(row[0]) counts \(row[2]) items as done, and has \(done)") }
    }
    for row in try database.rows(
      "SELECT run.id, item.key FROM item LEFT JOIN run ON run.number = item.run WHERE run.id IS NULL OR item.key NOT IN (\(names))"
    ) { blame("nobody named \(row[1]) of run \(row[0])") }
  }
}
