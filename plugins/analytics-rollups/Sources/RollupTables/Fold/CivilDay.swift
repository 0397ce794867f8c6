/// A day of the Gregorian calendar. After Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
struct CivilDay {
  let year: Int
  let month: Int
  let day: Int

  /// The day that many days after 1970-01-01; not before 1969.
  init(_ number: Int) {
    let shifted = number + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// `2026-10-01`.
  var text: String { "\(year)-\(Self.two(month))-\(Self.two(day))" }

  static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
