import Cron

/// The clock on the wall of a zone, for many instants that lie close together.
struct Clock {
  private let zone: ZoneRules
  /// Seconds east, between two instants.
  private var offset: Int64 = 0
  private var start: Int64 = .max
  private var end: Int64 = .min
  private let weekStart: Int

  init(_ zone: ZoneRules, weekStart: Int) {
    self.zone = zone
    self.weekStart = weekStart
  }

  @inline(__always)
  private mutating func local(_ atUs: Int64) -> Int64 {
    let second = atUs / 1_000_000
    if second < start || second >= end { look(second) }
    return second + offset
  }

  private mutating func look(_ second: Int64) {
    offset = Int64(zone.offset(at: second))
    start = second
    end = zone.transition(after: second) ?? .max
  }

  /// When the hour on the wall began, in seconds since 1970, UTC. An hour that comes twice is two.
  @inline(__always)
  mutating func hour(_ atUs: Int64) -> Int64 {
    let local = local(atUs)
    return local - local.remainder(3_600) - offset
  }

  /// The day on the wall, in days since 1970-01-01.
  @inline(__always)
  mutating func day(_ atUs: Int64) -> Int64 {
    let local = local(atUs)
    return (local - local.remainder(86_400)) / 86_400
  }

  /// The first day of the day's week.
  @inline(__always)
  func week(ofDay day: Int64) -> Int64 { day - (day + 4 - Int64(weekStart) + 7).remainder(7) }
}

extension Int64 {
  /// Never negative.
  @inline(__always)
  func remainder(_ divisor: Int64) -> Int64 {
    let rest = self % divisor
    return rest < 0 ? rest + divisor : rest
  }
}
