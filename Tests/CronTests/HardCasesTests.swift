import Cron
import Testing

/// A schedule over one hard stretch of time.
struct HardCase: Sendable, CustomTestStringConvertible {
  var why: String
  var expression: String
  var zone: String
  var from: String
  var hours: Int64
  var due: [String]

  init(_ why: String, _ expression: String, _ zone: String, from: String, hours: Int64, _ due: [String]) {
    self.why = why
    self.expression = expression
    self.zone = zone
    self.from = from
    self.hours = hours
    self.due = due
  }

  var testDescription: String { "\(expression) in \(zone): \(why)" }

  /// All in UTC. Each row was seen in Debian's cron 3.0pl1-162, built with a clock that a test harness moves on, and looked at by hand.
  static let all: [HardCase] = [
    HardCase(
      "a fixed time in the gap, right after it", "30 2 * * *", "Europe/Berlin", from: "2026-03-28 12:00", hours: 36,
      ["2026-03-29 01:00"]),
    HardCase(
      "two times of the gap and the gap's end: three at one second", "0,30 2,3 * * *", "Europe/Berlin",
      from: "2026-03-28 12:00", hours: 36, ["2026-03-29 01:00", "2026-03-29 01:00", "2026-03-29 01:00", "2026-03-29 01:30"]),
    HardCase(
      "six times of one gap", "2-59/10 2 * * *", "Europe/Berlin", from: "2026-03-28 12:00", hours: 36,
      ["2026-03-29 01:00", "2026-03-29 01:00", "2026-03-29 01:00", "2026-03-29 01:00", "2026-03-29 01:00", "2026-03-29 01:00"]),
    HardCase(
      "a * in the minute makes it a wildcard job: the gap takes it away", "*/10 2 * * *", "Europe/Berlin",
      from: "2026-03-28 12:00", hours: 36, []),
    HardCase(
      "a wildcard hour follows elapsed time over the gap", "30 * * * *", "Europe/Berlin", from: "2026-03-29 00:00", hours: 3,
      ["2026-03-29 00:30", "2026-03-29 01:30", "2026-03-29 02:30"]),
    HardCase(
      "a fixed time of the fold runs once", "30 2 * * *", "Europe/Berlin", from: "2026-10-24 12:00", hours: 36,
      ["2026-10-25 00:30"]),
    HardCase(
      "a wildcard minute runs in both hours", "*/20 2 * * *", "Europe/Berlin", from: "2026-10-24 12:00", hours: 36,
      ["2026-10-25 00:00", "2026-10-25 00:20", "2026-10-25 00:40", "2026-10-25 01:00", "2026-10-25 01:20", "2026-10-25 01:40"]),
    HardCase(
      "the end of the fold is no repeat", "0 3 * * *", "Europe/Berlin", from: "2026-10-24 12:00", hours: 36,
      ["2026-10-25 02:00"]),
    HardCase(
      "before, in and after the fold", "30 1-3 * * *", "Europe/Berlin", from: "2026-10-24 12:00", hours: 24,
      ["2026-10-24 23:30", "2026-10-25 00:30", "2026-10-25 02:30"]),
    HardCase(
      "a gap of half an hour, 2:00 to 2:30", "15 2 * * *", "Australia/Lord_Howe", from: "2026-10-03 00:00", hours: 48,
      ["2026-10-03 15:30", "2026-10-04 15:15"]),
    HardCase(
      "hours, over the gap of half an hour", "0 */1 * * *", "Australia/Lord_Howe", from: "2026-10-03 13:00", hours: 6,
      ["2026-10-03 13:30", "2026-10-03 14:30", "2026-10-03 16:00", "2026-10-03 17:00", "2026-10-03 18:00"]),
    HardCase(
      "a fold of half an hour, 2:00 to 1:30", "45 1 * * *", "Australia/Lord_Howe", from: "2026-04-03 12:00", hours: 48,
      ["2026-04-03 14:45", "2026-04-04 14:45"]),
    HardCase(
      "six quarters in an hour and a half", "*/15 1 * * *", "Australia/Lord_Howe", from: "2026-04-04 12:00", hours: 24,
      ["2026-04-04 14:00", "2026-04-04 14:15", "2026-04-04 14:30", "2026-04-04 14:45", "2026-04-04 15:00", "2026-04-04 15:15"]),
    HardCase(
      "back from 3:45 to 2:45: fifteen minutes of hour 2 again", "* 2 * * *", "Pacific/Chatham", from: "2025-04-05 13:50",
      hours: 2,
      [
        "2025-04-05 14:00", "2025-04-05 14:01", "2025-04-05 14:02", "2025-04-05 14:03", "2025-04-05 14:04", "2025-04-05 14:05",
        "2025-04-05 14:06", "2025-04-05 14:07", "2025-04-05 14:08", "2025-04-05 14:09", "2025-04-05 14:10", "2025-04-05 14:11",
        "2025-04-05 14:12", "2025-04-05 14:13", "2025-04-05 14:14",
      ]),
    HardCase(
      "forward from 2:45 to 3:45", "0 3 * * *", "Pacific/Chatham", from: "2025-09-26 12:00", hours: 48,
      ["2025-09-26 14:15", "2025-09-27 14:00"]),
    HardCase(
      "a gap of two hours", "30 1,2 * * *", "Antarctica/Troll", from: "2026-03-28 12:00", hours: 36,
      ["2026-03-29 01:00", "2026-03-29 01:00", "2026-03-29 23:30"]),
    HardCase(
      "a fold of two hours", "30 1,2 * * *", "Antarctica/Troll", from: "2026-10-24 12:00", hours: 36,
      ["2026-10-24 23:30", "2026-10-25 00:30"]),
    HardCase(
      "three hours forward are a correction: what is missed stays missed", "30 0,2 * * *", "Antarctica/Casey",
      from: "2020-10-03 12:00", hours: 24, []),
    HardCase(
      "three hours back are still a fold", "30 23 * * *", "Antarctica/Casey", from: "2010-03-04 00:00", hours: 48,
      ["2010-03-04 12:30", "2010-03-05 15:30"]),
    HardCase(
      "a day left out at the date line: a correction", "0 12 * * *", "Pacific/Apia", from: "2011-12-28 12:00", hours: 96,
      ["2011-12-28 22:00", "2011-12-29 22:00", "2011-12-30 22:00", "2011-12-31 22:00"]),
    HardCase(
      "a day left out at the date line", "0 12 * * *", "Pacific/Kwajalein", from: "1993-08-19 12:00", hours: 96,
      ["1993-08-20 00:00", "1993-08-21 00:00", "1993-08-22 00:00", "1993-08-23 00:00"]),
    HardCase(
      "a gap at midnight", "30 0 * * *", "Africa/Cairo", from: "2026-04-22 12:00", hours: 60,
      ["2026-04-22 22:30", "2026-04-23 22:00", "2026-04-24 21:30"]),
    HardCase(
      "midnight itself is in the gap", "0 0 24 4 *", "Africa/Cairo", from: "2026-04-22 12:00", hours: 60, ["2026-04-23 22:00"]),
    HardCase(
      "a fold at 0:00 to 1:00", "30 0 * * *", "America/Havana", from: "2026-10-31 00:00", hours: 48,
      ["2026-10-31 04:30", "2026-11-01 04:30"]),
    HardCase(
      "back from 0:01 to 23:01: the day before comes again", "30 23 * * *", "America/St_Johns", from: "2006-10-27 12:00",
      hours: 72, ["2006-10-28 02:00", "2006-10-29 02:00", "2006-10-30 03:00"]),
    HardCase(
      "Ramadan: the clocks go back in February", "30 2 * * *", "Africa/Casablanca", from: "2026-02-14 00:00", hours: 72,
      ["2026-02-14 01:30", "2026-02-15 01:30", "2026-02-16 02:30"]),
    HardCase(
      "and forward in March", "30 2 * * *", "Africa/Casablanca", from: "2026-03-21 00:00", hours: 48,
      ["2026-03-21 02:30", "2026-03-22 02:00"]),
    HardCase(
      "not daylight saving time: half an hour forward for good", "45 23 * * *", "Asia/Pyongyang", from: "2018-05-03 00:00",
      hours: 72, ["2018-05-03 15:15", "2018-05-04 15:00", "2018-05-05 14:45"]),
    HardCase(
      "half an hour back for good", "45 2 * * *", "America/Caracas", from: "2007-12-08 00:00", hours: 72,
      ["2007-12-08 06:45", "2007-12-09 06:45", "2007-12-10 07:15"]),
    HardCase(
      "summer time is the standard, winter time goes back: the same to the clock", "30 1 * * *", "Europe/Dublin",
      from: "2026-03-28 12:00", hours: 36, ["2026-03-29 01:00"]),
    HardCase(
      "@hourly is a wildcard job", "@hourly", "America/New_York", from: "2026-11-01 04:00", hours: 4,
      ["2026-11-01 04:00", "2026-11-01 05:00", "2026-11-01 06:00", "2026-11-01 07:00"]),
    HardCase(
      "@daily is a fixed one", "@daily", "America/New_York", from: "2026-03-07 12:00", hours: 60,
      ["2026-03-08 05:00", "2026-03-09 04:00"]),
    HardCase(
      "a day of week that begins with *: both must match", "0 0 1-7 * */7", "Etc/UTC", from: "2026-01-01 00:00", hours: 960,
      ["2026-01-04 00:00", "2026-02-01 00:00"]),
    HardCase(
      "both restricted: either", "0 0 1 * 1", "Etc/UTC", from: "2026-01-01 00:00", hours: 336,
      ["2026-01-01 00:00", "2026-01-05 00:00", "2026-01-12 00:00"]),
    HardCase(
      "a day of month that begins with *: both must match", "0 0 */10 * 1", "Etc/UTC", from: "2026-01-01 00:00", hours: 1920, []
    ),
    HardCase("leap days", "0 0 29 2 *", "Etc/UTC", from: "2026-01-01 00:00", hours: 26280, ["2028-02-29 00:00"]),
    HardCase(
      "7 is Sunday", "0 0 * * 7", "Etc/UTC", from: "2026-01-01 00:00", hours: 336, ["2026-01-04 00:00", "2026-01-11 00:00"]),
    HardCase(
      "to Sunday", "0 0 * * 5-7", "Etc/UTC", from: "2026-01-01 00:00", hours: 168,
      ["2026-01-02 00:00", "2026-01-03 00:00", "2026-01-04 00:00"]),
    HardCase(
      "*/31 is the first", "0 0 */31 * *", "Etc/UTC", from: "2026-01-01 00:00", hours: 1680,
      ["2026-01-01 00:00", "2026-02-01 00:00", "2026-03-01 00:00"]),
  ]
}

@Suite struct HardCasesTests {
  @Test(arguments: HardCase.all) func `does what Debian's cron does`(hard: HardCase) throws {
    let schedule = try Schedule(expressions: [CronExpression(hard.expression)], zone: .load(hard.zone))
    let from = try LocalTime(hard.from).ordinal
    let found = Array(schedule.occurrences(from: from, to: from + hard.hours * 3_600))
    #expect(found.map { String(LocalTime(ordinal: $0.second).description.prefix(16)) } == hard.due)
    // Several at one second differ by their slots, from 0 up.
    for (one, next) in zip(found, found.dropFirst()) where one.second == next.second { #expect(next.slot == one.slot + 1) }
    #expect(found.allSatisfy { $0.isDue })
  }

  @Test func `keeps account of what the fold took away`() throws {
    let schedule = try Schedule(expressions: [CronExpression("30 2 * * *")], zone: .load("Europe/Berlin"))
    let from = try LocalTime("2026-10-24 12:00").ordinal
    let found = Array(schedule.occurrences(from: from, to: from + 86_400, includingSuppressed: true))
    #expect(found.map { $0.isDue } == [true, false])
    #expect(found.map(\.edge) == [.firstOfFold, .foldedRepeat])
    #expect(found[1].second - found[0].second == 3_600)
  }

  @Test func `keeps account of what a gap took away, by policy`() throws {
    let from = try LocalTime("2026-03-28 12:00").ordinal
    let gapEnd = try LocalTime("2026-03-29 01:00").ordinal
    let wanted = try LocalTime("2026-03-29 02:30")
    for (policy, edge, isDue) in [
      (DSTPolicy.debian, Occurrence.Edge.afterGap(wanted), true), (.skip, .inGap(wanted), false),
      (.literal, .inGap(wanted), false),
    ] {
      let schedule = try Schedule(
        expressions: [CronExpression("30 2,3 * * *")], zone: .load("Europe/Berlin"), dst: policy)
      let all = Array(schedule.occurrences(from: from, to: from + 86_400, includingSuppressed: true))
      #expect(
        all == [
          Occurrence(second: gapEnd, slot: 0, edge: edge, isDue: isDue),
          Occurrence(second: gapEnd + 1_800, slot: 0, edge: nil, isDue: true),
        ])
      #expect(Array(schedule.occurrences(from: from, to: from + 86_400)) == all.filter(\.isDue))
    }
  }

  @Test func `literal runs both times of a fold`() throws {
    let schedule = try Schedule(
      expressions: [CronExpression("30 2 * * *")], zone: .load("Europe/Berlin"), dst: .literal)
    let from = try LocalTime("2026-10-24 12:00").ordinal
    #expect(schedule.occurrences(from: from, to: from + 86_400).map(\.edge) == [.firstOfFold, .foldedRepeat])
  }

  @Test func `tells of what a correction passed over`() throws {
    let schedule = try Schedule(expressions: [CronExpression("30 0,2 * * *")], zone: .load("Antarctica/Casey"))
    let from = try LocalTime("2020-10-03 12:00").ordinal
    let found = Array(schedule.occurrences(from: from, to: from + 86_400, includingSuppressed: true))
    #expect(found.map { $0.isDue } == [false, false])
    #expect(found.map(\.slot) == [0, 1])
  }

  @Test func `goes on in the middle of a gap's slots, with and without the edge`() throws {
    let schedule = try Schedule(
      expressions: [CronExpression("0,30 2 * * *"), CronExpression("15 2,3 * * *"), CronExpression("@hourly")],
      zone: .load("Europe/Berlin"))
    let gapEnd = try LocalTime("2026-03-29 01:00").ordinal
    var found: [Occurrence] = []
    var at = Occurrence(second: gapEnd - 1)
    while let next = schedule.next(after: at), next.second == gapEnd {
      found.append(next)
      at = Occurrence(second: next.second, slot: next.slot)
    }
    #expect(found.map(\.slot) == [0, 1, 2, 3])
    #expect(found == Array(schedule.occurrences(from: gapEnd, to: gapEnd + 1)))
    #expect(schedule.previous(before: gapEnd + 1) == found.last)
  }
}
