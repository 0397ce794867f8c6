/// Runs and the rows that they stand for.
extension DaemonJudge {
  /// A row that fired has its run, a run its row, and no instant has two runs.
  mutating func checkRuns(_ database: Database) throws {
    runs = Int(try database.rows("SELECT count(*) FROM run")[0][0])!
    // By the second: two runs for one instant that differ in less are two runs for one instant.
    for row in try database.rows(
      "SELECT job, due_us / 1000000, count(*) FROM run WHERE due_us IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1")
    {
      duplicated += Int(row[2])! - 1
      blame("\(row[0]) was fired \(row[2]) times for \(row[1])")
    }
    for row in try database.rows("SELECT run, count(*) FROM instant WHERE run IS NOT NULL GROUP BY run HAVING count(*) > 1") {
      duplicated += Int(row[1])! - 1
      blame("run number \(row[0]) stands for \(row[1]) instants")
    }
    // 0 fired, 1 caught up: the only fates with a run that there are here.
    for row in try database.rows(
      """
      SELECT schedule.job, instant.due_us FROM instant JOIN schedule ON schedule.number = instant.schedule
      LEFT JOIN run ON run.number = instant.run AND run.job = schedule.job AND run.due_us = instant.due_us
      WHERE instant.fate IN (0, 1) AND run.number IS NULL
      """)
    {
      unaccounted += 1
      blame("\(row[0]) fired for \(row[1]), and there is no such run")
    }
    for row in try database.rows("SELECT due_us, fate FROM instant WHERE fate NOT IN (0, 1) AND run IS NOT NULL") {
      unaccounted += 1
      blame("the instant \(row[0]) has fate \(row[1]), and a run")
    }
    for row in try database.rows(
      "SELECT id, due_us FROM run WHERE NOT EXISTS (SELECT 1 FROM instant WHERE instant.run = run.number)")
    {
      unaccounted += 1
      blame("run \(row[0]) of \(row[1].isEmpty ? "no instant" : row[1]) has no row in the ledger")
    }
  }
}
