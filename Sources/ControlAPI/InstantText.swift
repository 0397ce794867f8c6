package import JobModel

extension Timestamp {
  /// An instant as clients write it: ISO 8601 with a date, a time to the minute or finer, and an offset (`Z`, `+02:00`, `+0200`).
  /// nil: it is none. Digits of a fraction beyond microseconds are dropped.
  package init?(iso8601 text: String) {
    var rest = text.utf8[...]
    func digits(_ count: Int) -> Int? {
      guard rest.count >= count else { return nil }
      var number = 0
      for byte in rest.prefix(count) {
        guard (0x30...0x39).contains(byte) else { return nil }
        number = number * 10 + Int(byte - 0x30)
      }
      rest = rest.dropFirst(count)
      return number
    }
    func take(_ letters: String) -> Bool {
      guard let first = rest.first, letters.utf8.contains(first) else { return false }
      rest = rest.dropFirst()
      return true
    }
    guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2), take("Tt "),
      let hour = digits(2), take(":"), let minute = digits(2)
    else { return nil }
    var second = 0
    var microsecond = 0
    if take(":") {
      guard let whole = digits(2) else { return nil }
      second = whole
      if take(".,") {
        var unit = 100_000
        guard let first = digits(1) else { return nil }
        microsecond = first * unit
        while let digit = digits(1) {
          unit /= 10
          microsecond += digit * unit
        }
      }
    }
    var offset = 0
    if !take("Zz") {
      let isWest = rest.first == UInt8(ascii: "-")
      guard take("+-"), let hours = digits(2), hours < 24 else { return nil }
      _ = take(":")
      guard let minutes = digits(2), minutes < 60 else { return nil }
      offset = (hours * 60 + minutes) * (isWest ? -60 : 60)
    }
    guard rest.isEmpty, (1...12).contains(month), (1...Self.days(of: month, year)).contains(day), hour < 24, minute < 60,
      second < 60
    else { return nil }
    let days = Self.days(fromCivil: year, month, day)
    let seconds = Int64(days) * 86_400 + Int64(hour * 3_600 + minute * 60 + second - offset)
    self.init(microseconds: seconds * 1_000_000 + Int64(microsecond))
  }

  private static func days(of month: Int, _ year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days from 1970-01-01. After Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil; years 0 … 9999.
  private static func days(fromCivil year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
