import ArgumentParser
import Foundation

/// Holds what a killed daemon left against what its plugin did: instants, runs and items.
struct DaemonJudge {
  private let items: Int
  private let ledgerPath: String
  /// `RUN/key` of items that the store has called done so far.
  private var acknowledged: Set<String> = []
  private var linesSeen = 0
  private var runs = 0
  private var instants = 0
  private(set) var lost = 0
  private(set) var duplicated = 0
  /// Instants without a row, rows without their run, runs without an instant, and work that belongs to no run.
  private(set) var unaccounted = 0
  private var problems: [String] = []

  init(items: Int, ledger: String) {
    self.items = items
    ledgerPath = ledger
  }

  mutating func blame(_ problem: String) { problems.append(problem) }

  /// For people, of the last look.
  var words: String { "\(instants) instants, \(runs) runs, \(acknowledged.count) items done" }

  /// No daemon is alive. Reads a copy, so that the next one finds what the dead one left.
  mutating func look(_ arena: Arena) throws {
    guard let database = try copy(arena) else { return }
    let integrity = try database.rows("PRAGMA integrity_check")
    if integrity != [["ok"]] { blame("the file is damaged: \(integrity)") }
    try checkWork(database)
    try checkInstants(database)
    try checkRuns(database)
  }

  /// Everything has come to its end.
  mutating func close(_ arena: Arena) throws {
    guard let database = try copy(arena) else { throw CampaignError("there is no store") }
    for row in try database.rows("SELECT id, state FROM run WHERE state <> 4") {
      blame("run \(row[0]) ended in state \(row[1])")
    }
    for row in try database.rows(
      """
      SELECT run.id, count(item.id) FROM run LEFT JOIN item ON item.run = run.number AND item.state = 3
      GROUP BY run.number HAVING count(item.id) <> \(items)
      """)
    {
      lost += max(1, items - (Int(row[1]) ?? 0))
      blame("run \(row[0]) has \(row[1]) of its \(items) items done")
    }
  }

  func finish(kills: Int) throws {
    for problem in problems.prefix(50) { print("WRONG \(problem)") }
    if problems.count > 50 { print("WRONG … and \(problems.count - 50) more") }
    print(
      "{\"faults\":\"daemon\",\"kills\":\(kills),\"lost\":\(lost),\"duplicated\":\(duplicated),\"unaccounted\":\(unaccounted)}")
    if lost + duplicated + unaccounted + problems.count > 0 { throw ExitCode.failure }
  }

  /// What is recorded was done; what was recorded is not done again and stays recorded; nothing was done for no run.
  private mutating func checkWork(_ database: Database) throws {
    let ledger = try Ledger(ledgerPath)
    let known = Set(try database.rows("SELECT id FROM run").map { $0[0] })
    for line in ledger.lines[linesSeen...] {
      if acknowledged.contains(line.key) {
        duplicated += 1
        blame("\(line.key) was done again after it had been recorded")
      }
      if !known.contains(String(line.key.prefix { $0 != "/" })) {
        unaccounted += 1
        blame("\(line.key) was done, and its run is not on record")
      }
    }
    linesSeen = ledger.lines.count
    let written = Set(ledger.lines)
    let done = try database.rows(
      "SELECT run.id || '/' || item.key, item.attempts, item.pid FROM item JOIN run ON run.number = item.run WHERE item.state = 3"
    )
    for row in done where !written.contains(Ledger.Line(key: row[0], attempt: Int(row[1])!, pid: Int(row[2])!)) {
      blame("\(row[0]) counts as done by \(row[2]), which did not do it")
    }
    let keys = Set(done.map { $0[0] })
    if keys.count != done.count {
      duplicated += done.count - keys.count
      blame("\(done.count - keys.count) items have several rows")
    }
    let gone = acknowledged.subtracting(keys)
    if !gone.isEmpty {
      lost += gone.count
      blame("\(gone.count) items were recorded as done and are so no more: \(gone.sorted().prefix(3))")
    }
    acknowledged = keys
  }

  /// Every second from the first that a schedule was due to the last that was judged has one row, or lies in one stretch.
  private mutating func checkInstants(_ database: Database) throws {
    instants = 0
    for schedule in try database.rows("SELECT number, job, since_us, judged_us FROM schedule WHERE judged_us <> ''") {
      let second = 1_000_000
      let first = Int(schedule[2])! / second + 1
      let last = Int(schedule[3])! / second
      var rowsOf = [Int](repeating: 0, count: max(0, last - first + 1))
      let rows = try database.rows(
        "SELECT due_us, last_us, is_stretch, count FROM instant WHERE schedule = \(schedule[0]) ORDER BY is_stretch")
      for row in rows where row[2] == "0" {
        let due = Int(row[0])! / second
        guard rowsOf.indices.contains(due - first) else {
          blame("\(schedule[1]) has a row for \(row[0]), outside of what was judged")
          continue
        }
        rowsOf[due - first] += 1
      }
      for row in rows where row[2] == "1" {
        var filled = 0
        let stretch = (Int(row[0])! / second - first)...(Int(row[1])! / second - first)
        for due in stretch where rowsOf.indices.contains(due) && rowsOf[due] == 0 {
          rowsOf[due] = 1
          filled += 1
        }
        if filled != Int(row[3]) { blame("\(schedule[1]): a stretch stands for \(row[3]) instants and covers \(filled)") }
      }
      instants += rowsOf.count
      let without = rowsOf.count { $0 == 0 }
      if without > 0 {
        unaccounted += without
        blame("\(schedule[1]): \(without) of \(rowsOf.count) instants have no row")
      }
      let twice = rowsOf.count { $0 > 1 }
      if twice > 0 {
        duplicated += twice
        blame("\(schedule[1]): \(twice) instants have several rows")
      }
    }
  }

  /// A row that fired has its run, a run its row, and no instant has two runs.
  private mutating func checkRuns(_ database: Database) throws {
    runs = Int(try database.rows("SELECT count(*) FROM run")[0][0])!
    for row in try database.rows(
      "SELECT job, due_us, count(*) FROM run WHERE due_us IS NOT NULL GROUP BY job, due_us HAVING count(*) > 1")
    {
      duplicated += 1
      blame("\(row[0]) was fired \(row[2]) times for \(row[1])")
    }
    // 0 fired, 1 caught up.
    for row in try database.rows(
      """
      SELECT schedule.job, instant.due_us FROM instant JOIN schedule ON schedule.number = instant.schedule
      LEFT JOIN run ON run.number = instant.run WHERE instant.fate IN (0, 1) AND run.number IS NULL
      """)
    {
      unaccounted += 1
      blame("\(row[0]) fired for \(row[1]), and there is no run")
    }
    for row in try database.rows(
      "SELECT id, due_us FROM run WHERE NOT EXISTS (SELECT 1 FROM instant WHERE instant.run = run.number)")
    {
      unaccounted += 1
      blame("run \(row[0]) of \(row[1]) has no row in the ledger")
    }
  }

  private func copy(_ arena: Arena) throws -> Database? {
    let copies = "\(arena.folder)/copy"
    let files = FileManager.default
    if files.fileExists(atPath: copies) { try files.removeItem(atPath: copies) }
    try files.createDirectory(atPath: copies, withIntermediateDirectories: true)
    guard files.fileExists(atPath: "\(arena.state)/carillon.db") else { return nil }
    for name in ["carillon.db", "carillon.db-wal"] where files.fileExists(atPath: "\(arena.state)/\(name)") {
      try files.copyItem(atPath: "\(arena.state)/\(name)", toPath: "\(copies)/\(name)")
    }
    let database = try Database("\(copies)/carillon.db", isCopy: true)
    return try database.rows("SELECT 1 FROM sqlite_master WHERE name = 'instant'").isEmpty ? nil : database
  }
}
