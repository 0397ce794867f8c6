import Cron
import JobModel

/// A time that a schedule of a job means, with the zone to read it in.
struct DueInstant {
  var job: String
  var schedule: String
  var occurrence: Occurrence
  /// The schedule's.
  var zone: ZoneRules
  /// In which it is shown; nil: the schedule's.
  var shownIn: ZoneRules?

  var instant: Timestamp { Timestamp(seconds: occurrence.second) }

  /// `2026-03-29T03:00:00+02:00`.
  var localISO8601: String { LocalText.iso8601(instant, shownIn ?? zone) }

  /// What a change of the clocks did to it, for people; nil away from one.
  var remark: String? {
    func wall(_ local: LocalTime) -> String { String(local.description.dropFirst(11).prefix(local.second == 0 ? 5 : 8)) }
    let here = wall(zone.local(at: occurrence.second))
    switch occurrence.edge {
    case nil: return nil
    case .afterGap(let local): return "for \(wall(local)), which the clocks go forward over: due right after"
    case .inGap(let local): return "not due: the clocks go forward over \(wall(local))"
    case .firstOfFold: return "\(here) comes twice as the clocks go back: the first time"
    case .foldedRepeat where occurrence.isDue: return "\(here) comes twice as the clocks go back: the second time"
    case .foldedRepeat: return "not due: \(here) comes a second time as the clocks go back"
    }
  }

  /// The same as a word, for JSON.
  var edgeName: String? {
    switch occurrence.edge {
    case nil: nil
    case .afterGap: "afterGap"
    case .inGap: "inGap"
    case .firstOfFold: "firstOfFold"
    case .foldedRepeat: "foldedRepeat"
    }
  }
}

/// Instants as the clock on a wall shows them.
enum LocalText {
  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

  /// `Sun 2026-03-29 03:00:00 +02:00`.
  static func full(_ instant: Timestamp, _ zone: ZoneRules) -> String {
    let local = zone.local(at: instant.wholeSeconds)
    return "\(days[local.dayOfWeek]) \(local) \(offset(zone.offset(at: instant.wholeSeconds)))"
  }

  /// `2026-03-29T03:00:00+02:00`.
  static func iso8601(_ instant: Timestamp, _ zone: ZoneRules) -> String {
    let local = zone.local(at: instant.wholeSeconds).description
    return "\(local.prefix(10))T\(local.dropFirst(11))\(offset(zone.offset(at: instant.wholeSeconds)))"
  }

  /// `+02:00`, and with seconds where a zone had them.
  static func offset(_ seconds: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let size = abs(seconds)
    let whole = "\(seconds < 0 ? "-" : "+")\(two(size / 3_600)):\(two(size / 60 % 60))"
    return size % 60 == 0 ? whole : whole + ":\(two(size % 60))"
  }
}

extension LocalText {
  /// `2026-03-29T03:00:00+02:00` as `2026-03-29 03:00:00 +02:00`.
  static func shortened(_ iso8601: String) -> String {
    guard iso8601.count >= 19 else { return Words.printable(iso8601) }
    let zone = iso8601.dropFirst(19)
    return "\(iso8601.prefix(10)) \(iso8601.dropFirst(11).prefix(8))\(zone.isEmpty ? "" : " \(zone)")"
  }
}
