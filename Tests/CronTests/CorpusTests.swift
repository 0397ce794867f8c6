import Cron
import Foundation
import Testing

/// Every row of the tables: what other programs answer.
@Suite(.enabled(if: Corpus.isThere, Corpus.absence)) struct CorpusTests {
  @Test(arguments: ["agree.jsonl", "cronsim.jsonl"]) func `agrees with programs that follow Debian's rules`(name: String) throws
  {
    let zones = Zones()
    let rows: [Corpus.Row] = try Corpus.rows(name)
    for row in rows {
      // cronsim follows Debian with five fields only; with six it shows what the wall shows.
      let dst: DSTPolicy = row.fields == 6 ? .literal : .debian
      if Self.wrong.contains("\(row.expr) \(row.tz) \(row.from)") { continue }
      try check(row, dst: dst, zones: zones)
    }
    #expect(rows.count > 500)
  }

  /// Rows in which the programs agree and Debian's cron, run with a clock of ours, does not: the clocks go back from 3:45 to 2:45, and a
  /// wildcard job of hour 2 runs in those fifteen minutes (`HardCasesTests` holds it).
  private static let wrong: Set<String> = [
    "* 2 * * * Pacific/Chatham 2025-04-06T03:40:00+13:45", "* 2 * * * Pacific/Chatham 2026-04-05T03:40:00+13:45",
  ]

  /// Cronos wants both day fields to match and treats clock changes in its own way: only rows in which neither matters.
  @Test func `agrees with Cronos on ranges, steps, names, L, W and #`() throws {
    let zones = Zones()
    let rows: [Corpus.Row] = try Corpus.rows("cronos.jsonl")
    var checked = 0
    for row in rows {
      let words = row.expr.split(separator: " ").map(String.init)
      // A ? beyond the day fields, years before 1970, and times finer than a second are not read here.
      if words.first == "?" || row.from < "1970" || row.from.contains(".") { continue }
      if words.count >= 5, [words[words.count - 3], words[words.count - 1]].allSatisfy({ !"*?".contains($0.first!) }) {
        continue
      }
      let zone = try zones(row.tz)
      let from = try Corpus.second(row.from)
      if let text = row.next.first ?? nil, let change = zone.transition(after: from - 86_400),
        change <= (try Corpus.second(text)) + 86_400
      {
        continue
      }
      try check(row, dst: .debian, zones: zones)
      checked += 1
    }
    #expect(checked > 400)
  }

  /// What Cronos refuses and the rules here allow, all of it as crontab(5) or its own documentation says.
  private static let allowed: Set<String> = ["1/60", "*/60", "1/24", "1/32", "1/13", "1/8", "1/2147483648", "1,2W", "1,2w"]

  @Test func `refuses what Cronos refuses, in the same field`() throws {
    let names = [
      "Seconds": "second", "Minutes": "minute", "Hours": "hour", "Days of month": "day of month", "Months": "month",
      "Days of week": "day of week",
    ]
    let rows: [Corpus.Invalid] = try Corpus.rows("cronos_invalid.jsonl")
    for row in rows {
      let words = row.expr.split(separator: " ").map(String.init)
      if words.contains(where: Self.allowed.contains) { continue }
      // A # at the begin of a word begins a comment here.
      if words.contains("#") { continue }
      let format = CronFormat(rawValue: row.fields) ?? .minutes
      do throws(CronError) {
        _ = try CronExpression(row.expr, format: format)
        Issue.record("\"\(row.expr)\" was accepted")
      } catch {
        if let field = names[row.error_field], error.code != .fieldCount {
          #expect(error.field == field, "\"\(row.expr)\": \(error)")
          #expect(error.column != nil)
        }
      }
    }
  }

  private func check(_ row: Corpus.Row, dst: DSTPolicy, zones: Zones) throws {
    let format = CronFormat(rawValue: row.fields) ?? .minutes
    let from = try Corpus.second(row.from)
    let wanted = try row.next.compactMap { $0 }.map { try Corpus.second($0) }
    do {
      let schedule = try Schedule(
        expressions: [CronExpression(row.expr, format: format)], zone: zones(row.tz), dst: dst)
      var found: [Int64] = []
      var at: Int64 = row.inclusive ? from - 1 : from
      while found.count < wanted.count, let next = schedule.next(after: at) {
        found.append(next.second)
        at = next.second
      }
      #expect(found == wanted, "\"\(row.expr)\" in \(row.tz) from \(row.from)")
    } catch let error as CronError {
      #expect(error.code == .neverFires && wanted.isEmpty, "\"\(row.expr)\": \(error)")
    }
  }
}
