import Foundation

/// What a clock on a wall shows, to the minute.
struct WallMinute: Hashable {
  var month, day, weekday, hour, minute: Int

  /// `ordinal`: minutes since 1970-01-01 00:00 on the same wall.
  init(ordinal: Int) {
    var seconds = time_t(ordinal * 60)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    (month, day, weekday) = (Int(parts.tm_mon) + 1, Int(parts.tm_mday), Int(parts.tm_wday))
    (hour, minute) = (Int(parts.tm_hour), Int(parts.tm_min))
  }
}

/// Every minute of a stretch of time as a zone's walls show it, by Foundation's zone data: the model's own, not the program's.
struct WallMinutes {
  /// By minute of the stretch: minutes since 1970 on the wall.
  let ordinals: [Int]
  let firstMinute: Int
  /// Where the wall does not go on by a minute: the first minute after each change.
  let jumps: [Int]

  init(_ zone: String, _ stretch: Range<Int64>) {
    let zone = TimeZone(identifier: zone)!
    firstMinute = Int(stretch.lowerBound / 60)
    let minutes = Int(stretch.upperBound - stretch.lowerBound) / 60
    var ordinals: [Int] = []
    ordinals.reserveCapacity(minutes)
    // An hour at a time where the hour before and after agree: asking is slow.
    for hour in 0..<(minutes + 59) / 60 {
      let first = firstMinute + hour * 60
      let offset = { (minute: Int) in zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(minute * 60))) / 60 }
      let (before, after) = (offset(first), offset(first + 59))
      for minute in first..<min(first + 60, firstMinute + minutes) {
        ordinals.append(minute + (before == after ? before : offset(minute)))
      }
    }
    self.ordinals = ordinals
    jumps = (1..<ordinals.count).filter { ordinals[$0] != ordinals[$0 - 1] + 1 }
  }
}
