/// A zone's rule as POSIX writes it in TZ, `CET-1CEST,M3.5.0,M10.5.0/3`, with the hours up to ±167 that TZif version 3 allows.
struct PosixRule: Hashable {
  /// Seconds east in standard time.
  var standard: Int64
  /// Daylight saving time; nil where there is none.
  var daylight: Daylight?

  struct Daylight: Hashable {
    var offset: Int64
    var begin: YearDay
    var end: YearDay
  }

  /// A day of each year, and the time on the wall of before the change.
  struct YearDay: Hashable {
    enum Day: Hashable {
      /// `Jn`, 1–365: 29 February is never counted.
      case withoutLeapDay(Int)
      /// `n`, 0–365: 29 February is counted.
      case fromZero(Int)
      /// `Mm.w.d`: the w-th day d of month m, 5 the last.
      case weekday(month: Int, week: Int, day: Int)
    }

    var day: Day
    /// Seconds after midnight, may be below zero or beyond a day.
    var time: Int64

    /// On the wall.
    func ordinal(in year: Int) -> Int64 {
      let newYear = CivilDate(year: year, month: 1, day: 1).dayNumber
      let number: Int
      switch day {
      case .withoutLeapDay(let day): number = newYear + day - 1 + (CivilDate.isLeap(year) && day >= 60 ? 1 : 0)
      case .fromZero(let day): number = newYear + day
      case .weekday(let month, let week, let day):
        let first = CivilDate(year: year, month: month, day: 1).dayNumber
        var date = 1 + (day - CivilDate.dayOfWeek(first) + 7) % 7 + (week - 1) * 7
        if date > CivilDate.daysInMonth(year: year, month: month) { date -= 7 }
        number = first + date - 1
      }
      return Int64(number) * 86_400 + time
    }
  }

  /// - Returns: nil where the text is no such rule.
  init?(_ text: String) {
    var scanner = RuleScanner(text)
    guard scanner.name(), let standard = scanner.offset(maxHours: 24) else { return nil }
    self.standard = -standard
    if scanner.isAtEnd { return }
    guard scanner.name() else { return nil }
    var offset = self.standard + 3_600
    if !scanner.isAtEnd, !scanner.comesComma {
      guard let written = scanner.offset(maxHours: 24) else { return nil }
      offset = -written
    }
    // Without days POSIX leaves them open; every libc takes the rule of the United States.
    if scanner.isAtEnd { scanner = RuleScanner(",M3.2.0,M11.1.0") }
    guard let begin = scanner.yearDay(), let end = scanner.yearDay(), scanner.isAtEnd else { return nil }
    daylight = Daylight(offset: offset, begin: begin, end: end)
  }

  /// The changes of the offset in some years, in order. Daylight saving time that lasts over the end of a year into the next one's
  /// begin is one stretch.
  func changes(in years: ClosedRange<Int>) -> [(second: Int64, offset: Int64)] {
    guard let daylight else { return [] }
    var changes: [(second: Int64, offset: Int64, isBegin: Bool)] = []
    for year in years {
      changes.append((daylight.begin.ordinal(in: year) - standard, daylight.offset, true))
      changes.append((daylight.end.ordinal(in: year) - daylight.offset, standard, false))
    }
    changes.sort { ($0.second, $0.isBegin ? 1 : 0) < ($1.second, $1.isBegin ? 1 : 0) }
    return changes.map { ($0.second, $0.offset) }
  }
}

private struct RuleScanner {
  private let bytes: [UInt8]
  private var at = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { at == bytes.count }
  var comesComma: Bool { peek == UInt8(ascii: ",") }
  private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    at += 1
    return true
  }

  /// Three letters or more, or anything in angle brackets.
  mutating func name() -> Bool {
    if take("<") {
      while let byte = peek, byte != UInt8(ascii: ">") {
        guard Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber || byte == 0x2b || byte == 0x2d
        else { return false }
        at += 1
      }
      return take(">")
    }
    let start = at
    while let byte = peek, byte < 0x80, Character(UnicodeScalar(byte)).isLetter { at += 1 }
    return at - start >= 3
  }

  /// `[+-]hh[:mm[:ss]]` in seconds, as written: west is positive in POSIX.
  mutating func offset(maxHours: Int) -> Int64? {
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    guard let hours = number(), hours <= maxHours else { return nil }
    var seconds = hours * 3_600
    for unit in [60, 1] where take(":") {
      guard let part = number(), part < 60 else { return nil }
      seconds += part * unit
    }
    return Int64(isNegative ? -seconds : seconds)
  }

  /// `,date[/time]`; the time is 2:00 where none is written.
  mutating func yearDay() -> PosixRule.YearDay? {
    guard take(",") else { return nil }
    let day: PosixRule.YearDay.Day
    if take("M") {
      guard let month = number(), (1...12).contains(month), take("."), let week = number(), (1...5).contains(week), take("."),
        let weekday = number(), (0...6).contains(weekday)
      else { return nil }
      day = .weekday(month: month, week: week, day: weekday)
    } else if take("J") {
      guard let number = number(), (1...365).contains(number) else { return nil }
      day = .withoutLeapDay(number)
    } else {
      guard let number = number(), number <= 365 else { return nil }
      day = .fromZero(number)
    }
    guard take("/") else { return PosixRule.YearDay(day: day, time: 7_200) }
    return offset(maxHours: 167).map { PosixRule.YearDay(day: day, time: $0) }
  }

  private mutating func number() -> Int? {
    let start = at
    var number = 0
    while let byte = peek, (0x30...0x39).contains(byte), at - start < 4 {
      number = number * 10 + Int(byte - 0x30)
      at += 1
    }
    return at == start ? nil : number
  }
}
