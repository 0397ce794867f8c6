extension CronExpression {
  /// In English: `at 02:00 on Monday to Friday`.
  public var summary: String {
    switch kind {
    case .reboot: "when the machine has started"
    case .every(let seconds): "every \(Self.length(seconds))"
    case .calendar(let fields): FieldSummary(fields).text
    }
  }

  private static func length(_ seconds: Int) -> String {
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")]
    var rest = seconds
    var parts: [String] = []
    for (size, name) in units where rest >= size {
      let count = rest / size
      rest %= size
      parts.append(count == 1 ? (seconds == size ? name : "1 \(name)") : "\(count) \(name)s")
    }
    return FieldSummary.list(parts)
  }
}

/// Fields put into words. It goes by what they mean, so that `1-5` and `MON,TUE,WED,THU,FRI` read the same.
struct FieldSummary {
  private let fields: CalendarFields

  init(_ fields: CalendarFields) { self.fields = fields }

  var text: String {
    ([time] + dayParts + monthParts + yearParts).joined(separator: " ")
  }

  /// `a, b and c`.
  static func list(_ parts: [String], last: String = "and") -> String {
    parts.count < 2 ? parts.joined() : parts.dropLast().joined(separator: ", ") + " \(last) \(parts[parts.count - 1])"
  }

  // MARK: Time of day

  private var time: String {
    let seconds = Self.numbers(fields.seconds)
    let minutes = Self.numbers(fields.minutes)
    let hours = Self.numbers(UInt64(fields.hours))
    if seconds.count * minutes.count * hours.count <= 8 { return "at " + Self.list(clockTimes(hours, minutes, seconds)) }
    if seconds == [0] { return minutePart(minutes) + hourPart(hours, of: minutes) }
    let second = Self.pattern(seconds, in: 0..<60, unit: "second")
    if minutes.count == 60 { return second + (hours.count == 24 ? "" : hourPart(hours, of: minutes)) }
    return "\(second) of \(Self.pattern(minutes, in: 0..<60, unit: "minute"))" + hourPart(hours, of: minutes)
  }

  private func clockTimes(_ hours: [Int], _ minutes: [Int], _ seconds: [Int]) -> [String] {
    hours.flatMap { hour in
      minutes.flatMap { minute in
        seconds.map { "\(hour.digits(2)):\(minute.digits(2))" + (fields.seconds == 1 ? "" : ":\($0.digits(2))") }
      }
    }
  }

  private func minutePart(_ minutes: [Int]) -> String {
    if minutes == [0] { return "at the full hour" }
    return Self.pattern(minutes, in: 0..<60, unit: "minute")
  }

  private func hourPart(_ hours: [Int], of minutes: [Int]) -> String {
    if hours.count == 24 { return minutes.count < 60 && Self.step(minutes, in: 0..<60) == nil ? " of every hour" : "" }
    if let (first, last) = Self.run(hours), hours.count > 2 {
      return minutes == [0]
        ? " from \(first.digits(2)):00 to \(last.digits(2)):00" : " from \(first.digits(2)):00 to \(last.digits(2)):59"
    }
    if let step = Self.step(hours, in: 0..<24) {
      return minutes == [0] ? " of every \(Self.ordinal(step)) hour" : " in every \(Self.ordinal(step)) hour"
    }
    return " in the \(hours.count == 1 ? "hour" : "hours") " + Self.list(hours.map { "\($0.digits(2)):00" })
  }

  // MARK: Days

  private var dayParts: [String] {
    let dates = dateTexts
    let weekdays = weekdayTexts
    switch (dates.isEmpty, weekdays.isEmpty) {
    case (true, true): return isEveryDay ? ["every day"] : []
    case (false, true): return ["on " + Self.list(dates)]
    case (true, false): return ["on " + Self.list(weekdays)]
    case (false, false):
      return fields.wantsBothDays
        ? ["on " + Self.list(dates, last: "or") + " where it is " + Self.list(weekdays, last: "or")]
        : ["on " + Self.list(dates) + ", and on " + Self.list(weekdays)]
    }
  }

  /// "every day" is worth saying where a time of day stands alone.
  private var isEveryDay: Bool {
    fields.hours.nonzeroBitCount * fields.minutes.nonzeroBitCount * fields.seconds.nonzeroBitCount <= 8
  }

  private var dateTexts: [String] {
    if fields.days | 1 == .max { return [] }
    var texts: [String] = []
    let days = Self.numbers(UInt64(fields.days))
    if let (first, last) = Self.run(days), days.count > 2 {
      texts.append("the \(Self.ordinal(first)) to \(Self.ordinal(last))")
    } else {
      texts += days.map { "the \(Self.ordinal($0))" }
    }
    texts += Self.numbers(UInt64(fields.nearestWeekdays)).map { "the weekday nearest to the \(Self.ordinal($0))" }
    texts += Self.numbers(UInt64(fields.daysFromEnd)).map(Self.fromEnd)
    texts += Self.numbers(UInt64(fields.nearestWeekdaysFromEnd)).map {
      $0 == 0 ? "the last weekday of the month" : "the weekday nearest to \(Self.fromEnd($0))"
    }
    return texts
  }

  private static func fromEnd(_ back: Int) -> String {
    switch back {
    case 0: "the last day of the month"
    case 1: "the day before the last of the month"
    default: "the day \(back) before the last of the month"
    }
  }

  private static let weekdayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

  private var weekdayTexts: [String] {
    if fields.weekdays == 0x7f { return [] }
    let names = Self.weekdayNames
    var texts: [String] = []
    // A week begins on Monday where that makes one stretch of it.
    let days = Self.numbers(UInt64(fields.weekdays))
    let fromMonday = days.map { $0 == 0 ? 7 : $0 }.sorted()
    if days.count > 2, let (first, last) = Self.run(fromMonday) ?? Self.run(days) {
      texts.append("\(names[first % 7]) to \(names[last % 7])")
    } else {
      texts += fromMonday.map { names[$0 % 7] }
    }
    for bit in Self.numbers(fields.nthWeekdays) {
      texts.append("the \(Self.ordinal(bit / 7 + 1)) \(names[bit % 7]) of the month")
    }
    texts += Self.numbers(UInt64(fields.lastWeekdays)).map { "the last \(names[$0]) of the month" }
    return texts
  }

  // MARK: Months and years

  private static let monthNames = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
  ]

  private var monthParts: [String] {
    let months = Self.numbers(UInt64(fields.months))
    if months.count == 12 { return [] }
    if let (first, last) = Self.run(months), months.count > 2 {
      return ["from \(Self.monthNames[first - 1]) to \(Self.monthNames[last - 1])"]
    }
    return ["in " + Self.list(months.map { Self.monthNames[$0 - 1] })]
  }

  private var yearParts: [String] {
    if fields.years == .all { return [] }
    let years = fields.years.years
    if let (first, last) = Self.run(years), years.count > 2 { return ["from \(first) to \(last)"] }
    return ["in " + Self.list(years.map(String.init))]
  }

  // MARK: Numbers

  private static func numbers(_ bits: UInt64) -> [Int] { (0..<64).filter { bits >> UInt64($0) & 1 == 1 } }

  /// First and last where there are no holes.
  private static func run(_ numbers: [Int]) -> (Int, Int)? {
    guard let first = numbers.first, let last = numbers.last, last - first + 1 == numbers.count else { return nil }
    return (first, last)
  }

  /// n where every n-th of a range is meant, from its begin on, and n divides it.
  private static func step(_ numbers: [Int], in range: Range<Int>) -> Int? {
    guard numbers.count > 1, numbers[0] == range.lowerBound else { return nil }
    let step = numbers[1] - numbers[0]
    return range.count % step == 0 && numbers == Array(stride(from: range.lowerBound, to: range.upperBound, by: step))
      ? step : nil
  }

  private static func pattern(_ numbers: [Int], in range: Range<Int>, unit: String) -> String {
    if let step = step(numbers, in: range) { return step == 1 ? "every \(unit)" : "every \(step) \(unit)s" }
    if let (first, last) = run(numbers), numbers.count > 2 { return "every \(unit) from \(first) to \(last)" }
    return "at \(unit)\(numbers.count == 1 ? "" : "s") " + list(numbers.map(String.init))
  }

  private static func ordinal(_ number: Int) -> String {
    switch (number % 100, number % 10) {
    case (11...13, _): "\(number)th"
    case (_, 1): "\(number)st"
    case (_, 2): "\(number)nd"
    case (_, 3): "\(number)rd"
    default: "\(number)th"
    }
  }
}
