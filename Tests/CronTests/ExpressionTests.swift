import Cron
import Testing

@Suite struct ExpressionTests {
  struct Bad: Sendable {
    var text: String
    var code: CronError.Code
    var field: String?
    var column: Int?
    var says: String
    var format = CronFormat.minutes
  }

  @Test(arguments: [
    Bad(text: "", code: .empty, column: 1, says: "five fields"),
    Bad(text: "   # only a comment", code: .empty, column: 1, says: "five fields"),
    Bad(text: "60 * * * *", code: .outOfRange, field: "minute", column: 1, says: "60 is not in 0–59"),
    Bad(text: "0 24 * * *", code: .outOfRange, field: "hour", column: 3, says: "midnight is 0"),
    Bad(text: "0 1,2,25 * * *", code: .outOfRange, field: "hour", column: 7, says: "25 is not in 0–23"),
    Bad(text: "0 2 0 * *", code: .outOfRange, field: "day of month", column: 5, says: "the first is 1"),
    Bad(text: "0 2 * * 8", code: .outOfRange, field: "day of week", column: 9, says: "0 and 7 are Sunday"),
    Bad(text: "0 2 * * MONDAY", code: .unknownName, field: "day of week", column: 9, says: "\"MONDAY\" is written MON"),
    Bad(text: "0 2 * JANU *", code: .unknownName, field: "month", column: 7, says: "written JAN"),
    Bad(text: "0 2 * FOO *", code: .unknownName, field: "month", column: 7, says: "JAN–DEC"),
    Bad(text: "*/0 * * * *", code: .badStep, field: "minute", column: 3, says: "a step of 1 or more"),
    Bad(text: "*/ * * * *", code: .badStep, field: "minute", column: 3, says: "a step of 1 or more"),
    Bad(text: "1, * * * *", code: .syntax, field: "minute", column: 3, says: "a value is missing"),
    Bad(text: "1- * * * *", code: .syntax, field: "minute", column: 3, says: "ends too early"),
    Bad(text: "5+3 * * * *", code: .syntax, field: "minute", column: 2, says: "'+' cannot stand here"),
    Bad(text: "? * * * *", code: .misplacedMark, field: "minute", column: 1, says: "write * here"),
    Bad(text: "0 0 * * L", code: .misplacedMark, field: "day of week", column: 9, says: "FRIL"),
    Bad(text: "0 0 * L *", code: .misplacedMark, field: "month", column: 7, says: "day-of-month field only"),
    Bad(text: "0 0 1-5W * *", code: .misplacedMark, field: "day of month", column: 8, says: "W cannot stand here"),
    Bad(text: "0 0 15W/2 * *", code: .misplacedMark, field: "day of month", column: 8, says: "no range or step"),
    Bad(text: "0 0 * * MON#6", code: .outOfRange, field: "day of week", column: 13, says: "1 to 5"),
    Bad(text: "H(5) * * * *", code: .syntax, field: "minute", column: 4, says: "H(0-59)"),
    Bad(text: "H(30-20) * * * *", code: .outOfRange, field: "minute", column: 3, says: "H(20-30)"),
    Bad(text: "@dayly", code: .unknownMacro, column: 1, says: "@daily"),
    Bad(text: "@daily 3", code: .fieldCount, column: 8, says: "stands alone"),
    Bad(text: "@every", code: .badPeriod, column: 7, says: "@every 90s"),
    Bad(text: "@every 90", code: .badPeriod, column: 10, says: "needs a unit"),
    Bad(text: "@every 1w", code: .badPeriod, column: 9, says: "no unit"),
    Bad(text: "@every 0s", code: .badPeriod, column: 8, says: "at least 1s"),
    Bad(text: "0 0 30 2 *", code: .neverFires, field: "day of month", column: 5, says: "never come together"),
    Bad(text: "0 0 31 4,6,9,11 ?", code: .neverFires, field: "day of month", column: 5, says: "never come together"),
    Bad(text: "0 0 0 29 2 ? 2100", code: .neverFires, field: "day of month", column: 7, says: "never", format: .secondsAndYear),
    Bad(
      text: "0 0 0 1 1 ? 2030-2020", code: .outOfRange, field: "year", column: 13, says: "2020-2030", format: .secondsAndYear),
    Bad(text: "* * * *", code: .fieldCount, field: "day of week", column: 8, says: "4 fields where 5 are expected"),
    Bad(
      text: "0 30 2 * * *", code: .fieldCount, column: 12, says: "`fields: 6` (seconds first) would read \"at 02:30 every day\""
    ),
    Bad(text: "30 2 1 1 * 2030", code: .fieldCount, column: 12, says: "\"0 30 2 1 1 * 2030\" with `fields: 7` is"),
    Bad(text: "17 * * * * root", code: .fieldCount, column: 12, says: "\"17 * * * *\" is \"at minute 17 of every hour\""),
    Bad(text: "0 30 2 * * * *", code: .fieldCount, column: 12, says: "`fields: 7`"),
    Bad(
      text: "30 2 * * *", code: .fieldCount, field: "day of week", column: 11, says: "`fields: 5` (minutes first) would read",
      format: .seconds),
  ])
  func `a bad one is refused with its place and what to do`(bad: Bad) {
    do throws(CronError) {
      _ = try CronExpression(bad.text, format: bad.format)
      Issue.record("\"\(bad.text)\" was accepted")
    } catch {
      #expect(error.code == bad.code, "\(error)")
      #expect(error.field == bad.field, "\(error)")
      #expect(error.column == bad.column, "\(error)")
      #expect(error.message.contains(bad.says), "\(error)")
    }
  }

  @Test(arguments: [
    ("0 2 * * *", "at 02:00 every day"),
    ("*/5 * * * *", "every 5 minutes"),
    ("* * * * *", "every minute"),
    ("0 * * * *", "at the full hour of every hour"),
    ("7 * * * *", "at minute 7 of every hour"),
    ("*/15 9-17 * * 1-5", "every 15 minutes from 09:00 to 17:59 on Monday to Friday"),
    ("30 4 1,15 * 5", "at 04:30 on the 1st and the 15th, and on Friday"),
    ("0 0 1-7 * */7", "at 00:00 on the 1st to 7th where it is Sunday"),
    ("0 22 * * FRI-SUN", "at 22:00 on Friday to Sunday"),
    ("0 3 L * *", "at 03:00 on the last day of the month"),
    ("0 3 LW 1-3 ?", "at 03:00 on the last weekday of the month from January to March"),
    ("0 3 * * MON#2,5L", "at 03:00 on the 2nd Monday of the month and the last Friday of the month"),
    ("0 3 15W * *", "at 03:00 on the weekday nearest to the 15th"),
    ("@every 1h30m", "every 1 hour and 30 minutes"),
    ("@every 60m", "every hour"),
    ("@reboot", "when the machine has started"),
    ("@yearly", "at 00:00 on the 1st in January"),
  ]) func `says in English what it means`(text: String, summary: String) throws {
    #expect(try CronExpression(text).summary == summary)
  }

  @Test func `comments, blanks and case change nothing`() throws {
    let plain = try Schedule(expressions: [CronExpression("0 2 * JAN MON#2")], zone: .utc)
    let other = try Schedule(expressions: [CronExpression("\t0  2 * jan mon#2   # the second Monday")], zone: .utc)
    #expect(plain.occurrences(from: 0, to: 1 << 31).elementsEqual(other.occurrences(from: 0, to: 1 << 31)))
  }

  /// What `H` chose once it must choose for ever: jobs would move. Fixed here.
  @Test func `H is the same in every version`() throws {
    func first(_ text: String, _ key: String) throws -> String {
      let schedule = try Schedule(expressions: [CronExpression(text, hashKey: key)], zone: .utc)
      return schedule.next(after: 0).map { String(LocalTime(ordinal: $0.second).description.prefix(16)) } ?? ""
    }
    #expect(try first("H H * * *", "thumbnails") == "1970-01-01 19:25")
    #expect(try first("H H H * *", "backup") == "1970-01-14 14:27")
    #expect(try first("H(0-29)/10 * * * *", "backup") == "1970-01-01 00:07")
  }

  @Test func `H stays in its range, and a step divides all of it`() throws {
    var minutes: Set<Int> = []
    for number in 0..<500 {
      let expression = try CronExpression("H(10-19) 3 * * *", hashKey: "job \(number)")
      let at = try Schedule(expressions: [expression], zone: .utc).next(after: 0).map { LocalTime(ordinal: $0.second).minute }
      minutes.insert(try #require(at))
      let every = try CronExpression("H/15 * * * *", hashKey: "job \(number)")
      let schedule = try Schedule(expressions: [every], zone: .utc)
      let found = schedule.occurrences(from: 3_600, to: 7_200).map(\.second)
      #expect(found.count == 4 && zip(found, found.dropFirst()).allSatisfy { $1 - $0 == 900 })
    }
    #expect(minutes == Set(10...19))
  }

  @Test func `nonsense never traps`() {
    let alphabet = Array("*0123456789,-/?#LWH()@ \tMONJANé𝟙\u{301}")
    var state: UInt64 = 1
    for _ in 0..<5_000 {
      var text = ""
      for _ in 0..<Int(state >> 60) + 3 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text.append(alphabet[Int((state >> 33) % UInt64(alphabet.count))])
      }
      let format = CronFormat.allCases[Int(state >> 40) % 3]
      _ = try? CronExpression(text, format: format)
      _ = try? CronExpression("\(text) * * * *")
      _ = try? CronExpression("* * \(text) * \(text)")
    }
  }
}
