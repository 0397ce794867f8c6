/// A zone as stretches of constant offset, with what Debian's cron makes of each change.
final class ZoneTable: Sendable {
  /// Where tables end; schedules are answered for 1970–2199.
  static let lastYear = 2_200
  /// Of 1970: what comes before is one stretch.
  static let firstSecond: Int64 = -2 * 366 * 86_400
  /// No instant of a schedule comes before.
  static let earliest: Int64 = 0
  /// 2200-01-01 00:00:00 UTC: no instant of a schedule comes at or after.
  static let horizon = LocalTime(year: lastYear, month: 1, day: 1).ordinal

  let identifier: String
  /// The first second of each stretch, in order; the first stretch has always been.
  let starts: [Int64]
  let stretches: [Stretch]

  /// A time of constant offset.
  struct Stretch: Hashable, Sendable {
    /// UTC, exclusive.
    var end: Int64
    /// Seconds east.
    var offset: Int64
    /// What the wall shows at its first second.
    var firstLocal: Int64
    /// Before the change that began it, every time on the wall below this had come.
    var passed: Int64
    var change: Change
  }

  /// What the change at the begin of a stretch is to cron(8), by the minutes that the wall jumped.
  enum Change: Hashable, Sendable {
    case none
    /// 1 to 4 minutes forward: all jobs of the missing minutes run at once.
    case slip
    /// 5 to 179 minutes forward: fixed jobs of the missing minutes run at once.
    case gap
    /// 1 to 180 minutes back: fixed jobs do not run again.
    case fold
    /// More, either way: the clock was set; whatever it shows is right.
    case correction
  }

  init(identifier: String, firstOffset: Int64, changes: [(second: Int64, offset: Int64)]) {
    self.identifier = identifier
    var offset = firstOffset
    var kept: [(second: Int64, offset: Int64)] = []
    for change in changes where change.second < Self.horizon {
      if change.second < Self.firstSecond {
        offset = change.offset
      } else if change.offset != (kept.last?.offset ?? offset) {
        if kept.last?.second == change.second { kept.removeLast() }
        kept.append(change)
      }
    }
    let distant = Int64.min / 4
    starts = [distant] + kept.map(\.second)
    var stretches = [
      Stretch(end: kept.first?.second ?? Self.horizon, offset: offset, firstLocal: distant, passed: distant, change: .none)
    ]
    // The highest time on the wall that has come and was not taken back by a correction.
    var passed = distant
    for (index, change) in kept.enumerated() {
      passed = max(passed, change.second + offset)
      offset = change.offset
      let end = index + 1 < kept.count ? kept[index + 1].second : Self.horizon
      let firstLocal = change.second + offset
      let kind = Self.change(passed: passed, firstLocal: firstLocal)
      stretches.append(Stretch(end: end, offset: offset, firstLocal: firstLocal, passed: passed, change: kind))
      if kind == .correction { passed = firstLocal }
    }
    self.stretches = stretches
  }

  /// cron.c, main: the minutes from the last one that was run to the one that the clock shows.
  private static func change(passed: Int64, firstLocal: Int64) -> Change {
    let lastRun = (passed - 1).quotientDown(60)
    switch firstLocal.quotientDown(60) - lastRun {
    case 1: return .none
    case 2...5: return .slip
    case 6...180: return .gap
    case -179...0: return .fold
    default: return .correction
    }
  }

  /// Which stretch has that second.
  func index(of second: Int64) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= second { low = middle } else { high = middle }
    }
    return low
  }

  func isSame(as other: ZoneTable) -> Bool {
    identifier == other.identifier && starts == other.starts && stretches == other.stretches
  }
}
