import AWSClient

/// The hours that are looked at: whole days that end with the last full hour before the run began, so that every item and
/// every attempt of a run sees the same ones.
package struct Window: Codable, Hashable, Sendable {
  package static let daySeconds = 86_400

  /// Seconds since 1970; on a full hour.
  package var from: Int
  /// Seconds since 1970, not included.
  package var to: Int

  /// `startedAt` in seconds since 1970. `days` 1 to 90.
  package init(days: Int, before startedAt: Int) {
    to = startedAt / 3_600 * 3_600
    from = to - days * Self.daySeconds
  }

  package var days: Int { (to - from) / Self.daySeconds }

  /// What a figure of the window is multiplied with to be one of a month of 30 days.
  package var monthFactor: Double { 30 / Double(days) }

  /// Which day of the window an instant lies in, from 0; what lies outside counts for the nearest.
  package func day(of instant: Int) -> Int { min(max((instant - from) / Self.daySeconds, 0), days - 1) }

  /// The civil date (UTC) on which a day of the window begins.
  package func date(ofDay day: Int) -> String { Day.text(from + day * Self.daySeconds) }
}

/// Civil dates as they are shown: ISO 8601, UTC.
package enum Day {
  /// `2026-11-23`, of seconds since 1970.
  package static func text(_ seconds: Int) -> String {
    let date = CivilDate(secondsSince1970: seconds)
    return "\(date.year)-\(two(date.month))-\(two(date.day))"
  }

  /// `2026-11`
  package static func month(_ seconds: Int) -> String { String(text(seconds).prefix(7)) }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
