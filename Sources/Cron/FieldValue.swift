/// What one field comes to, before the fields are put together.
struct FieldValue {
  /// A bit for each number but years.
  var bits: UInt64 = 0
  var years = YearSet()
  var daysFromEnd: UInt32 = 0
  var nearestWeekdays: UInt32 = 0
  var nearestWeekdaysFromEnd: UInt32 = 0
  var nthWeekdays: UInt64 = 0
  var lastWeekdays: UInt8 = 0
  /// Begins with `*`, `?`, or `H/step`, which is `*/step` moved.
  var isStar = false

  var isEmpty: Bool {
    self.bits == 0 && years == YearSet() && daysFromEnd | nearestWeekdays | nearestWeekdaysFromEnd == 0 && nthWeekdays == 0
      && lastWeekdays == 0
  }

  mutating func insert(_ number: Int) {
    if YearSet.range.contains(number) { years.insert(number) } else { bits |= 1 << UInt64(number) }
  }

  mutating func insert(from first: Int, through last: Int, step: Int) {
    for number in stride(from: first, through: last, by: step) { insert(number) }
  }
}

extension CalendarFields {
  /// Takes the value of one field.
  mutating func take(_ value: FieldValue, as field: CronField) {
    switch field {
    case .second: seconds = value.bits
    case .minute: minutes = value.bits
    case .hour: hours = UInt32(value.bits)
    case .dayOfMonth:
      days = UInt32(value.bits)
      daysFromEnd = value.daysFromEnd
      nearestWeekdays = value.nearestWeekdays
      nearestWeekdaysFromEnd = value.nearestWeekdaysFromEnd
    case .month: months = UInt16(value.bits)
    case .dayOfWeek:
      weekdays = UInt8(value.bits & 0x7f | value.bits >> 7)
      nthWeekdays = value.nthWeekdays
      lastWeekdays = value.lastWeekdays
    case .year: years = value.years
    }
  }
}
