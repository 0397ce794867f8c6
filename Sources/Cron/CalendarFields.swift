/// What the fields of an expression come to: a bit for each second, minute and so on that is meant.
struct CalendarFields: Hashable, Sendable {
  /// Bits 0–59.
  var seconds: UInt64 = 1
  /// Bits 0–59.
  var minutes: UInt64 = 0
  /// Bits 0–23.
  var hours: UInt32 = 0
  /// Bits 1–31.
  var days: UInt32 = 0
  /// Bit n: n days before the last of the month (`L-3`; bit 0 is `L`).
  var daysFromEnd: UInt32 = 0
  /// Bit n: the weekday nearest to day n (`15W`).
  var nearestWeekdays: UInt32 = 0
  /// Bit n: the weekday nearest to n days before the last of the month (`LW` is bit 0).
  var nearestWeekdaysFromEnd: UInt32 = 0
  /// Bits 1–12.
  var months: UInt16 = 0
  /// Bits 0–6, Sunday first.
  var weekdays: UInt8 = 0
  /// Bit 7·(n−1)+d: the n-th day d of the month (`MON#2`).
  var nthWeekdays: UInt64 = 0
  /// Bits 0–6: the last such day of the month (`5L`).
  var lastWeekdays: UInt8 = 0
  var years = YearSet.all
  /// Both day fields must match: one of them begins with `*` or `?`. Otherwise either (crontab(5), "NOTES").
  var wantsBothDays = true
  /// The second, minute or hour field begins with `*`: the job follows elapsed time over clock changes (cron(8)).
  var isWildcard = false
}

extension CalendarFields {
  /// The days of a month that match, bits 1–31.
  func dayMask(year: Int, month: Int) -> UInt32 {
    guard months >> UInt16(month) & 1 == 1, years.contains(year) else { return 0 }
    let length = UInt32(CivilDate.daysInMonth(year: year, month: month))
    let first = UInt32(CivilDate.dayOfWeek(CivilDate(year: year, month: month, day: 1).dayNumber))
    var byDate = days
    if daysFromEnd | nearestWeekdays | nearestWeekdaysFromEnd != 0 { byDate |= specialDates(length: length, first: first) }
    var byWeekday = Self.repeated(weekdays, first: first)
    if nthWeekdays != 0 || lastWeekdays != 0 { byWeekday |= specialWeekdays(length: length, first: first) }
    let matching = wantsBothDays ? byDate & byWeekday : byDate | byWeekday
    return matching & (2 << length &- 2)
  }

  /// A week's pattern over bits 1–35, where bit 1 is the day of the week `first`.
  private static func repeated(_ weekdays: UInt8, first: UInt32) -> UInt32 {
    let week = rotated(weekdays, first: first)
    let month = week | week << 7 | week << 14 | week << 21 | week << 28
    return UInt32(truncatingIfNeeded: month << 1)
  }

  /// Bit 0 becomes the day of the week `first`.
  private static func rotated(_ weekdays: UInt8, first: UInt32) -> UInt64 {
    let days = UInt64(weekdays)
    return (days | days << 7) >> UInt64(first) & 0x7f
  }

  private func specialDates(length: UInt32, first: UInt32) -> UInt32 {
    var mask: UInt32 = 0
    for back in 0..<length where daysFromEnd >> back & 1 == 1 { mask |= 1 << (length - back) }
    for day in 1...length {
      let fromEnd = nearestWeekdaysFromEnd >> (length - day) & 1
      if (nearestWeekdays >> day | fromEnd) & 1 == 1 { mask |= 1 << Self.nearestWeekday(day, length: length, first: first) }
    }
    return mask
  }

  /// Monday to Friday nearest to a day, within its month.
  private static func nearestWeekday(_ day: UInt32, length: UInt32, first: UInt32) -> UInt32 {
    switch (first + day - 1) % 7 {
    case 6: day == 1 ? day + 2 : day - 1
    case 0: day == length ? day - 2 : day + 1
    default: day
    }
  }

  private func specialWeekdays(length: UInt32, first: UInt32) -> UInt32 {
    var mask: UInt32 = 0
    for nth in 0..<UInt64(5) {
      let week = Self.rotated(UInt8(truncatingIfNeeded: nthWeekdays >> (7 * nth) & 0x7f), first: first)
      mask |= UInt32(truncatingIfNeeded: week << (7 * nth + 1))
    }
    let lastSeven: UInt32 = (2 << length &- 2) & ~(2 << (length - 7) &- 1)
    return mask | Self.repeated(lastWeekdays, first: first) & lastSeven
  }

  /// Whether a local time matches, to the second.
  func matches(_ local: LocalTime) -> Bool {
    let date = local.date
    let second = local.secondOfDay
    return hours >> UInt32(second / 3_600) & 1 == 1 && minutes >> UInt64(second / 60 % 60) & 1 == 1
      && seconds >> UInt64(second % 60) & 1 == 1
      && dayMask(year: date.year, month: date.month) >> UInt32(date.day) & 1 == 1
  }
}
