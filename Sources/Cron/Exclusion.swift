/// Times at which a schedule is not due although its expressions say so.
public enum Exclusion: Hashable, Sendable {
  /// The times on the wall that an expression matches; with five fields each whole minute. Neither `@every` nor `@reboot`.
  case expression(CronExpression)
  /// Instants, `to` excluded, in seconds of UTC since 1970.
  case window(from: Int64, to: Int64)
}

/// The exclusions by expression, asked for a time on the wall.
struct ExcludedTimes: Hashable, Sendable {
  /// Five fields exclude whole minutes: all seconds are set.
  private let all: [CalendarFields]

  init(_ all: [CalendarFields]) { self.all = all }

  var isEmpty: Bool { all.isEmpty }

  private static let everySecond: UInt64 = 1 << 60 - 1
  private static let everyHour: UInt32 = 1 << 24 - 1

  /// The time itself where it is free; otherwise one after it before which nothing is free.
  func free(atOrAfter local: Int64) -> Int64 {
    let masks = masks(at: local)
    if masks.isWholeDay { return (local.quotientDown(86_400) + 1) * 86_400 }
    let minute = UInt64(local.quotientDown(60) - local.quotientDown(3_600) * 60)
    if masks.minutes >> minute & 1 == 1 {
      let later = ~masks.minutes & (.max << minute) & Self.everySecond
      let hour = local.quotientDown(3_600)
      return later == 0 ? (hour + 1) * 3_600 : hour * 3_600 + Int64(later.lowest) * 60
    }
    let second = UInt64(local - local.quotientDown(60) * 60)
    guard masks.seconds >> second & 1 == 1 else { return local }
    let later = ~masks.seconds & (.max << second) & Self.everySecond
    return local.quotientDown(60) * 60 + (later == 0 ? 60 : Int64(later.lowest))
  }

  /// The time itself where it is free; otherwise one before it after which nothing is free.
  func free(atOrBefore local: Int64) -> Int64 {
    let masks = masks(at: local)
    if masks.isWholeDay { return local.quotientDown(86_400) * 86_400 - 1 }
    let minute = UInt64(local.quotientDown(60) - local.quotientDown(3_600) * 60)
    if masks.minutes >> minute & 1 == 1 {
      let earlier = ~masks.minutes & (1 << minute - 1)
      let hour = local.quotientDown(3_600)
      return earlier == 0 ? hour * 3_600 - 1 : hour * 3_600 + Int64(earlier.highest) * 60 + 59
    }
    let second = UInt64(local - local.quotientDown(60) * 60)
    guard masks.seconds >> second & 1 == 1 else { return local }
    let earlier = ~masks.seconds & (1 << second - 1)
    return local.quotientDown(60) * 60 + (earlier == 0 ? -1 : Int64(earlier.highest))
  }

  /// What is excluded of the day, the hour and the minute around a time.
  private func masks(at local: Int64) -> (isWholeDay: Bool, minutes: UInt64, seconds: UInt64) {
    let day = local.quotientDown(86_400)
    let date = CivilDate(dayNumber: Int(day))
    let hour = UInt32((local - day * 86_400) / 3_600)
    let minute = UInt64((local - day * 86_400) / 60 % 60)
    var minutes: UInt64 = 0
    var seconds: UInt64 = 0
    for fields in all where fields.dayMask(year: date.year, month: date.month) >> UInt32(date.day) & 1 == 1 {
      guard fields.hours >> hour & 1 == 1 else { continue }
      if fields.seconds == Self.everySecond {
        if fields.minutes == Self.everySecond && fields.hours == Self.everyHour { return (true, 0, 0) }
        minutes |= fields.minutes
      } else if fields.minutes >> minute & 1 == 1 {
        seconds |= fields.seconds
      }
    }
    return (false, minutes, seconds)
  }
}
