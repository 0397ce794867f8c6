import Foundation

@testable import JobImport

/// A slow and obvious reading of the expressions that `CalendarEvent` writes, in UTC: the judge's translator.
struct CronInstants {
  let crons: [String]
  let exclude: [String]

  /// The first instants after `base`, in seconds since 1970; fewer when none comes within twelve years.
  func first(_ count: Int, after base: Int) -> [Int] {
    let parsed = crons.map(Expression.init)
    let excluded = exclude.map(Expression.init)
    var found: [Int] = []
    let firstDay = base / 86_400
    for day in firstDay..<(firstDay + 4_400) {
      let date = Date(day)
      let today = parsed.filter { $0.takes(date) }
      guard !today.isEmpty, !excluded.contains(where: { $0.takes(date) }) else { continue }
      for second in Set(today.flatMap(\.times)).sorted() {
        let instant = day * 86_400 + second
        if instant > base { found.append(instant) }
        if found.count == count { return found }
      }
    }
    return found
  }

  struct Date {
    var year: Int
    var month: Int
    var day: Int
    var weekday: Int
    var daysInMonth: Int

    init(_ days: Int) {
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = TimeZone(secondsFromGMT: 0)!
      let date = Foundation.Date(timeIntervalSince1970: Double(days) * 86_400)
      let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: date)
      (year, month, day, weekday) = (parts.year!, parts.month!, parts.day!, parts.weekday! - 1)
      daysInMonth = calendar.range(of: .day, in: .month, for: date)!.count
    }
  }

  struct Expression {
    /// Seconds of the day.
    let times: [Int]
    let day, month, weekday, year: String

    init(_ text: String) {
      var fields = text.split(separator: " ").map(String.init)
      if fields.count == 5 { fields.insert("0", at: 0) }
      if fields.count == 6 { fields.append("*") }
      precondition(fields.count == 7, text)
      let seconds = Self.numbers(fields[0], 0...59)
      let minutes = Self.numbers(fields[1], 0...59)
      times = Self.numbers(fields[2], 0...23).flatMap { hour in
        minutes.flatMap { minute in seconds.map { hour * 3_600 + minute * 60 + $0 } }
      }
      (day, month, weekday, year) = (fields[3], fields[4], fields[5], fields[6])
    }

    /// Of an exclusion, too: those that are written here leave out whole days.
    func takes(_ date: Date) -> Bool {
      guard Self.numbers(year, 1970...2099).contains(date.year), Self.numbers(month, 1...12).contains(date.month) else {
        return false
      }
      let isDay = day == "L" ? date.day == date.daysInMonth : Self.numbers(day, 1...31).contains(date.day)
      return isDay && isWeekday(date)
    }

    private func isWeekday(_ date: Date) -> Bool {
      guard weekday.hasSuffix("L") else { return Self.numbers(weekday, 0...7).contains { $0 % 7 == date.weekday } }
      let names = ["SUNL", "MONL", "TUEL", "WEDL", "THUL", "FRIL", "SATL"]
      return date.day > date.daysInMonth - 7 && weekday.split(separator: ",").contains { $0 == names[date.weekday] }
    }

    private static func numbers(_ field: String, _ range: ClosedRange<Int>) -> Set<Int> {
      var numbers: Set<Int> = []
      for part in field.split(separator: ",") {
        let halves = part.split(separator: "/")
        let bounds = halves[0] == "*" ? [range.lowerBound, range.upperBound] : halves[0].split(separator: "-").map { Int($0)! }
        numbers.formUnion(stride(from: bounds[0], through: bounds.last!, by: halves.count > 1 ? Int(halves[1])! : 1))
      }
      return numbers
    }
  }
}
