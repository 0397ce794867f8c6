/// Instants on one wall clock that never changes; zones come in at `Timeline`.
extension CalendarFields {
  private var firstTime: Int { hours.lowest * 3_600 + minutes.lowest * 60 + seconds.lowest }
  private var lastTime: Int { hours.highest * 3_600 + minutes.highest * 60 + seconds.highest }

  /// The first matching time at or after `local`, in seconds of the wall; nil where 2199 ends without one.
  func first(atOrAfter local: Int64) -> Int64? {
    let dayNumber = Int(local).quotientDown(86_400)
    var date = CivilDate(dayNumber: dayNumber)
    var mask = dayMask(year: date.year, month: date.month) & (.max << UInt32(date.day))
    if mask >> UInt32(date.day) & 1 == 1 {
      let time = firstTime(atOrAfter: Int(local) - dayNumber * 86_400)
      if time >= 0 { return Int64(dayNumber * 86_400 + time) }
      mask &= mask - 1
    }
    while mask == 0 {
      let later = months & (.max << UInt16(date.month + 1))
      if later != 0 {
        date.month = later.lowest
      } else {
        date.year += 1
        date.month = months.lowest
        guard date.year <= YearSet.range.upperBound else { return nil }
      }
      mask = dayMask(year: date.year, month: date.month)
    }
    date.day = mask.lowest
    return Int64(date.dayNumber * 86_400 + firstTime)
  }

  /// The last matching time at or before `local`; nil where 1970 begins without one.
  func last(atOrBefore local: Int64) -> Int64? {
    let dayNumber = Int(local).quotientDown(86_400)
    var date = CivilDate(dayNumber: dayNumber)
    var mask = dayMask(year: date.year, month: date.month) & (2 << UInt32(date.day) &- 1)
    if mask >> UInt32(date.day) & 1 == 1 {
      let time = lastTime(atOrBefore: Int(local) - dayNumber * 86_400)
      if time >= 0 { return Int64(dayNumber * 86_400 + time) }
      mask &= ~(1 << UInt32(date.day))
    }
    while mask == 0 {
      let earlier = months & (1 << UInt16(date.month) - 1)
      if earlier != 0 {
        date.month = earlier.highest
      } else {
        date.year -= 1
        date.month = months.highest
        guard date.year >= YearSet.range.lowerBound else { return nil }
      }
      mask = dayMask(year: date.year, month: date.month)
    }
    date.day = mask.highest
    return Int64(date.dayNumber * 86_400 + lastTime)
  }

  /// The first matching second of the day, or -1.
  private func firstTime(atOrAfter time: Int) -> Int {
    let hour = time / 3_600
    let minute = time / 60 % 60
    if hours >> UInt32(hour) & 1 == 1 {
      if minutes >> UInt64(minute) & 1 == 1 {
        let laterSeconds = seconds & (.max << UInt64(time % 60))
        if laterSeconds != 0 { return hour * 3_600 + minute * 60 + laterSeconds.lowest }
      }
      let laterMinutes = minutes & (.max << UInt64(minute + 1))
      if laterMinutes != 0 { return hour * 3_600 + laterMinutes.lowest * 60 + seconds.lowest }
    }
    let laterHours = hours & (.max << UInt32(hour + 1))
    return laterHours == 0 ? -1 : laterHours.lowest * 3_600 + minutes.lowest * 60 + seconds.lowest
  }

  /// The last matching second of the day, or -1.
  private func lastTime(atOrBefore time: Int) -> Int {
    let hour = time / 3_600
    let minute = time / 60 % 60
    if hours >> UInt32(hour) & 1 == 1 {
      if minutes >> UInt64(minute) & 1 == 1 {
        let earlierSeconds = seconds & (2 << UInt64(time % 60) - 1)
        if earlierSeconds != 0 { return hour * 3_600 + minute * 60 + earlierSeconds.highest }
      }
      let earlierMinutes = minutes & (1 << UInt64(minute) - 1)
      if earlierMinutes != 0 { return hour * 3_600 + earlierMinutes.highest * 60 + seconds.highest }
    }
    let earlierHours = hours & (1 << UInt32(hour) - 1)
    return earlierHours == 0 ? -1 : earlierHours.highest * 3_600 + minutes.highest * 60 + seconds.highest
  }
}

extension FixedWidthInteger {
  /// The number of the lowest bit that is set.
  var lowest: Int { trailingZeroBitCount }
  /// The number of the highest bit that is set.
  var highest: Int { Self.bitWidth - 1 - leadingZeroBitCount }
}
