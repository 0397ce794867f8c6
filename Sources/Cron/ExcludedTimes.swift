/// The exclusions by expression, asked a day at a time.
struct ExcludedTimes: Hashable, Sendable {
  /// A day's choice of them is a word of bits.
  static let maxCount = 64

  /// Five fields exclude whole minutes: all seconds are set. At most `maxCount`.
  private let all: [CalendarFields]

  init(_ all: [CalendarFields]) { self.all = all }

  var isEmpty: Bool { all.isEmpty }

  static let everySecond: UInt64 = 1 << 60 - 1

  /// The first time at or after `local`, on the same day, that the time fields mean and no exclusion takes; nil where there is none.
  func first(_ fields: CalendarFields, onDayAtOrAfter local: Int64) -> Int64? {
    let day = local.quotientDown(86_400)
    let from = Int(local - day * 86_400)
    let inForce = inForce(on: day)
    var hours = fields.hours & (.max << UInt32(from / 3_600))
    while hours != 0 {
      let hour = hours.lowest
      hours &= hours - 1
      var minutes = fields.minutes & ~wholeMinutes(hour, inForce)
      if hour == from / 3_600 { minutes &= .max << UInt64(from / 60 % 60) }
      while minutes != 0 {
        let minute = minutes.lowest
        minutes &= minutes - 1
        var seconds = fields.seconds & ~singleSeconds(hour, minute, inForce)
        if hour * 60 + minute == from / 60 { seconds &= .max << UInt64(from % 60) }
        if seconds != 0 { return day * 86_400 + Int64(hour * 3_600 + minute * 60 + seconds.lowest) }
      }
    }
    return nil
  }

  /// The last time at or before `local`, likewise.
  func last(_ fields: CalendarFields, onDayAtOrBefore local: Int64) -> Int64? {
    let day = local.quotientDown(86_400)
    let to = Int(local - day * 86_400)
    let inForce = inForce(on: day)
    var hours = fields.hours & (2 << UInt32(to / 3_600) - 1)
    while hours != 0 {
      let hour = hours.highest
      hours &= ~(1 << UInt32(hour))
      var minutes = fields.minutes & ~wholeMinutes(hour, inForce)
      if hour == to / 3_600 { minutes &= 2 << UInt64(to / 60 % 60) - 1 }
      while minutes != 0 {
        let minute = minutes.highest
        minutes &= ~(1 << UInt64(minute))
        var seconds = fields.seconds & ~singleSeconds(hour, minute, inForce)
        if hour * 60 + minute == to / 60 { seconds &= 2 << UInt64(to % 60) - 1 }
        if seconds != 0 { return day * 86_400 + Int64(hour * 3_600 + minute * 60 + seconds.highest) }
      }
    }
    return nil
  }

  /// Bit n: the n-th exclusion matches the day.
  private func inForce(on day: Int64) -> UInt64 {
    let date = CivilDate(dayNumber: Int(day))
    var bits: UInt64 = 0
    for index in all.indices where all[index].dayMask(year: date.year, month: date.month) >> UInt32(date.day) & 1 == 1 {
      bits |= 1 << UInt64(index)
    }
    return bits
  }

  private func wholeMinutes(_ hour: Int, _ inForce: UInt64) -> UInt64 {
    var minutes: UInt64 = 0
    var left = inForce
    while left != 0 {
      let index = left.lowest
      left &= left - 1
      if all[index].seconds == Self.everySecond, all[index].hours >> UInt32(hour) & 1 == 1 { minutes |= all[index].minutes }
    }
    return minutes
  }

  private func singleSeconds(_ hour: Int, _ minute: Int, _ inForce: UInt64) -> UInt64 {
    var seconds: UInt64 = 0
    var left = inForce
    while left != 0 {
      let index = left.lowest
      left &= left - 1
      if all[index].hours >> UInt32(hour) & 1 == 1, all[index].minutes >> UInt64(minute) & 1 == 1 {
        seconds |= all[index].seconds
      }
    }
    return seconds
  }
}

extension CalendarFields {
  /// Every second of every day.
  static let always = CalendarFields(
    seconds: ExcludedTimes.everySecond, minutes: ExcludedTimes.everySecond, hours: 1 << 24 - 1, days: .max << 1, months: 0x1ffe,
    weekdays: 0x7f)
}
