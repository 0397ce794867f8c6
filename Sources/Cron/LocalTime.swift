/// A date and time of day as a clock on a wall shows it, in no particular zone (proleptic Gregorian calendar, no leap seconds).
public struct LocalTime: Hashable, Comparable, Sendable {
  /// Seconds from 1970-01-01 00:00:00 on the same wall.
  public var ordinal: Int64

  /// The time that many seconds after 1970-01-01 00:00:00 on the same wall.
  public init(ordinal: Int64) { self.ordinal = ordinal }

  /// A time by its parts, which are not checked: 31 February is 3 March.
  public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
    let days = CivilDate(year: year, month: month, day: day).dayNumber
    ordinal = Int64(days * 86_400 + hour * 3_600 + minute * 60 + second)
  }

  /// Reads `YYYY-MM-DD`, `YYYY-MM-DD HH:MM` or `YYYY-MM-DD HH:MM:SS` (a `T` may stand for the blank).
  /// - Throws: `badLocalTime`, with the column.
  public init(_ text: String) throws(CronError) {
    var parts: [Int] = []
    let pattern = Array("0000-00-00 00:00:00".utf8)
    let bytes = Array(text.utf8)
    func fail(_ column: Int?, _ why: String) -> CronError {
      CronError(
        code: .badLocalTime, column: column,
        message: "\"\(text)\" is no local time: \(why); write it as 2026-12-24, 2026-12-24 18:30 or 2026-12-24 18:30:00")
    }
    guard [10, 16, 19].contains(bytes.count) else { throw fail(nil, "its length is wrong") }
    for (index, byte) in bytes.enumerated() {
      if pattern[index] == UInt8(ascii: "0") {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { throw fail(index + 1, "a digit is wanted here") }
        let digit = Int(byte - UInt8(ascii: "0"))
        if index == 0 || pattern[index - 1] != UInt8(ascii: "0") {
          parts.append(digit)
        } else {
          parts[parts.count - 1] = parts.last! * 10 + digit
        }
      } else if byte != pattern[index] && !(index == 10 && byte == UInt8(ascii: "T")) {
        throw fail(index + 1, "'\(Character(UnicodeScalar(pattern[index])))' is wanted here")
      }
    }
    let limits = [1...9_999, 1...12, 1...31, 0...23, 0...59, 0...59]
    let columns = [1, 6, 9, 12, 15, 18]
    for (index, part) in parts.enumerated() where !limits[index].contains(part) {
      throw fail(columns[index], "\(part) is not in \(limits[index].lowerBound)–\(limits[index].upperBound)")
    }
    guard parts[2] <= CivilDate.daysInMonth(year: parts[0], month: parts[1]) else {
      throw fail(9, "that month has \(CivilDate.daysInMonth(year: parts[0], month: parts[1])) days")
    }
    parts += Array(repeating: 0, count: 6 - parts.count)
    self.init(year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4], second: parts[5])
  }

  var date: CivilDate { CivilDate(dayNumber: Int(ordinal.quotientDown(86_400))) }
  var secondOfDay: Int { Int(ordinal - ordinal.quotientDown(86_400) * 86_400) }

  public var year: Int { date.year }
  public var month: Int { date.month }
  public var day: Int { date.day }
  public var hour: Int { secondOfDay / 3_600 }
  public var minute: Int { secondOfDay / 60 % 60 }
  public var second: Int { secondOfDay % 60 }
  /// 0 is Sunday.
  public var dayOfWeek: Int { date.dayOfWeek }

  public static func < (left: Self, right: Self) -> Bool { left.ordinal < right.ordinal }
}

extension LocalTime: CustomStringConvertible {
  /// `2026-03-29 02:30:00`.
  public var description: String {
    let date = date
    return "\(date.year.digits(4))-\(date.month.digits(2))-\(date.day.digits(2)) "
      + "\(hour.digits(2)):\(minute.digits(2)):\(second.digits(2))"
  }
}
