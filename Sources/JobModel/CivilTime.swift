/// A date and time of day in UTC (proleptic Gregorian calendar).
package struct CivilTime: Hashable, Sendable {
  package var year: Int
  package var month: Int
  package var day: Int
  package var hour: Int
  package var minute: Int
  package var second: Int
  package var microsecond: Int
}

extension Timestamp {
  /// The instant as a civil UTC time. After Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_to_civil.
  package var civilUTC: CivilTime {
    let seconds = Self.floorDivide(microseconds, 1_000_000)
    let days = Self.floorDivide(seconds, 86_400)
    let secondOfDay = Int(seconds - days * 86_400)
    let shifted = Int(days) + 719_468
    let era = Int(Self.floorDivide(Int64(shifted), 146_097))
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    return CivilTime(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * monthIndex + 2) / 5 + 1, hour: secondOfDay / 3_600,
      minute: secondOfDay / 60 % 60, second: secondOfDay % 60,
      microsecond: Int(microseconds - seconds * 1_000_000))
  }

  /// ISO 8601 in UTC with milliseconds, `2026-11-23T07:45:12.034Z`.
  package var iso8601: String {
    let time = civilUTC
    func pad(_ number: Int, _ width: Int = 2) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(pad(time.year, 4))-\(pad(time.month))-\(pad(time.day))T\(pad(time.hour)):\(pad(time.minute)):"
      + "\(pad(time.second)).\(pad(time.microsecond / 1_000, 3))Z"
  }

  private static func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
    let quotient = number / divisor
    return number % divisor < 0 ? quotient - 1 : quotient
  }
}
