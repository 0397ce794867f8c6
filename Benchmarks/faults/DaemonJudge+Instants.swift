/// The instant ledger by itself.
extension DaemonJudge {
  private static let second = 1_000_000
  /// docs/scheduling.md: what is judged later than this was missed, or is caught up.
  private static let punctuality = 5_000_000

  /// Every second from the first that a schedule was due to the last that was judged has one row, or lies in one stretch.
  mutating func checkInstants(_ database: Database) throws {
    instants = 0
    for schedule in try database.rows("SELECT number, job, since_us, judged_us FROM schedule WHERE judged_us IS NOT NULL") {
      let (number, job, since, mark) = (schedule[0], schedule[1], Int(schedule[2])!, Int(schedule[3])!)
      if let before = marks.updateValue(mark, forKey: number), mark < before {
        blame("\(job) had been judged up to \(before), and is now up to \(mark)")
      }
      let first = (since + Self.second - 1) / Self.second
      var rowsOf = [Int](repeating: 0, count: max(0, mark / Self.second - first + 1))
      let rows = try database.rows(
        """
        SELECT due_us, last_us, is_stretch, count, fate, judged_us FROM instant WHERE schedule = \(number)
        ORDER BY is_stretch, due_us
        """)
      for row in rows where row[2] == "0" {
        let due = Int(row[0])!
        guard due % Self.second == 0, rowsOf.indices.contains(due / Self.second - first) else {
          blame("\(job) has a row for \(due), which was never due, or is not judged")
          continue
        }
        rowsOf[due / Self.second - first] += 1
      }
      for row in rows where row[2] == "1" {
        var filled = 0
        let stretch = (Int(row[0])! / Self.second - first)...(Int(row[1])! / Self.second - first)
        for due in stretch where rowsOf.indices.contains(due) && rowsOf[due] == 0 {
          rowsOf[due] = 1
          filled += 1
        }
        if filled != Int(row[3]) {
          unaccounted += 1
          blame("\(job): a stretch stands for \(row[3]) instants and covers \(filled)")
        }
      }
      instants += rowsOf.count
      let without = rowsOf.count { $0 == 0 }
      if without > 0 {
        unaccounted += without
        blame("\(job): \(without) of \(rowsOf.count) instants have no row")
      }
      let twice = rowsOf.count { $0 > 1 }
      if twice > 0 {
        duplicated += twice
        blame("\(job): \(twice) instants have several rows")
      }
      checkFates(job, rows.map { FateRow(due: Int($0[0])!, last: Int($0[1])!, fate: Int($0[4])!, judged: Int($0[5])!) })
    }
  }

  private struct FateRow {
    var due, last, fate, judged: Int
  }

  /// As the policies of the campaign's jobs (`overlap: skip`, `catch_up: latest`) have it: on time it fires or is skipped, late it is
  /// missed, but for the last of those that were late at one time.
  private mutating func checkFates(_ job: String, _ rows: [FateRow]) {
    let caughtUp = Dictionary(rows.filter { $0.fate == 1 }.map { ($0.judged, $0.due) }) { max($0, $1) }
    for row in rows {
      switch row.fate {
      case 0, 2:
        if row.due > row.judged || row.judged - row.due > Self.punctuality {
          blame("\(job): \(row.due) has fate \(row.fate), judged at \(row.judged)")
        }
      case 1, 3:
        if row.judged - row.last <= Self.punctuality { blame("\(job): \(row.last) counts as late, judged at \(row.judged)") }
        if row.fate == 3, caughtUp[row.judged].map({ $0 < row.last }) ?? true {
          blame("\(job): \(row.last) was missed, and nothing was caught up")
        }
      default: blame("\(job): \(row.due) has fate \(row.fate), for which there was no reason")
      }
    }
  }

  /// The schedules were retired at a moment up to which everything had to be judged.
  mutating func checkMarksAtTheEnd(_ database: Database) throws {
    let schedules = try database.rows("SELECT job, judged_us, retired_us, since_us FROM schedule")
    if schedules.count != campaign.schedules {
      unaccounted += abs(campaign.schedules - schedules.count)
      blame("there are \(schedules.count) schedules, and there should be \(campaign.schedules)")
    }
    for schedule in schedules {
      guard let retired = Int(schedule[2]) else {
        blame("\(schedule[0]) is still scheduled")
        continue
      }
      let last = Int(schedule[1]) ?? Int(schedule[3])! - 1
      let missing = retired / Self.second - last / Self.second
      if missing != 0 {
        unaccounted += missing
        blame("\(schedule[0]) was retired at \(retired) and judged up to \(schedule[1])")
      }
    }
    if instants == 0 || runs == 0 || acknowledged.isEmpty { blame("nothing happened: \(words)") }
  }
}
