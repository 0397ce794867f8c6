/// Dates as mail has them. RFC 5322, 3.3.
enum MailDate {
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// `Mon, 23 Nov 2026 17:19:35 +0000`. `seconds` since 1970, not before it.
  static func text(seconds: Int64) -> String {
    let day = max(seconds, 0) / 86_400
    let time = max(seconds, 0) % 86_400
    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": days to a civil date, years beginning in March.
    let shifted = day + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let date = dayOfYear - (153 * month + 2) / 5 + 1
    let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
    return "\(days[Int(day % 7)]), \(date) \(months[Int((month + 2) % 12)]) \(year) \(clock(time)) +0000"
  }

  /// `17:19:35`.
  private static func clock(_ time: Int64) -> String {
    String(unsafeUninitializedCapacity: 8) { out in
      for (index, number) in [time / 3_600, time / 60 % 60, time % 60].enumerated() {
        if index > 0 { out[index * 3 - 1] = UInt8(ascii: ":") }
        out[index * 3] = 0x30 + UInt8(number / 10)
        out[index * 3 + 1] = 0x30 + UInt8(number % 10)
      }
      return 8
    }
  }
}
