/// Reads a whole expression: words, macros, and the number of fields.
struct ExpressionParser {
  private let source: SourceText
  private let format: CronFormat
  private let hash: StableHash

  init(_ text: String, format: CronFormat, hashKey: String) {
    source = SourceText(text)
    self.format = format
    hash = StableHash(hashKey)
  }

  func parse() throws(CronError) -> CronExpression.Kind {
    guard let first = source.words.first else {
      throw CronError(
        code: .empty, column: 1, message: "there is no expression; write five fields, as in 0 2 * * *, or a word such as @daily"
      )
    }
    if source[first.lowerBound] == "@" { return try parseMacro(first) }
    guard source.words.count == format.rawValue else { throw wrongCount() }
    var fields = CalendarFields()
    var values: [CronField: FieldValue] = [:]
    for (field, word) in zip(format.fields, source.words) {
      var parser = FieldParser(field: field, token: word, of: source, hash: hash)
      let value = try parser.parse()
      values[field] = value
      fields.take(value, as: field)
    }
    func isStar(_ field: CronField) -> Bool { values[field]?.isStar ?? false }
    fields.wantsBothDays = isStar(.dayOfMonth) || isStar(.dayOfWeek)
    fields.isWildcard = isStar(.second) || isStar(.minute) || isStar(.hour)
    guard fields.first(atOrAfter: 0) != nil else { throw neverFires() }
    return .calendar(fields)
  }

  // MARK: Macros

  private func parseMacro(_ word: Range<Int>) throws(CronError) -> CronExpression.Kind {
    let name = String(source.characters[word])
    if name == "@EVERY" { return try parseEvery() }
    if source.words.count > 1 {
      let extra = source.words[1]
      throw CronError(
        code: .fieldCount, column: extra.lowerBound + 1,
        message:
          "\(source.text(word)) stands alone; take away \"\(source.text(extra.lowerBound..<source.words.last!.upperBound))\"")
    }
    if name == "@REBOOT" { return .reboot }
    guard let macro = Macro.all.first(where: { $0.name == name }) else {
      throw CronError(
        code: .unknownMacro, column: word.lowerBound + 1,
        message: "there is no \(source.text(word)); there are " + Macro.all.map { $0.name.lowercased() }.joined(separator: ", ")
          + ", @reboot and @every, as in @every 90s")
    }
    return .calendar(macro.fields)
  }

  private func parseEvery() throws(CronError) -> CronExpression.Kind {
    guard source.words.count == 2 else {
      throw CronError(
        code: .badPeriod, column: (source.words.count == 1 ? source.words[0].upperBound : source.words[2].lowerBound) + 1,
        message: "behind @every stands one length of time without blanks: @every 90s, @every 1h30m")
    }
    return .every(try parsePeriod(source.words[1]))
  }

  private func parsePeriod(_ word: Range<Int>) throws(CronError) -> Int {
    func fail(_ at: Int, _ why: String) -> CronError {
      CronError(code: .badPeriod, column: at + 1, message: "\(why); write a period as 90s, 15m, 1h30m or 2d")
    }
    var total = 0
    var at = word.lowerBound
    while at < word.upperBound {
      let start = at
      var number = 0
      while at < word.upperBound, source[at].isASCII, let digit = source[at].wholeNumberValue {
        number = min(number * 10 + digit, 10_000_000_000)
        at += 1
      }
      guard at > start else { throw fail(at, "a number is wanted here") }
      guard at < word.upperBound else { throw fail(at, "the number needs a unit: s, m, h or d") }
      switch source[at] {
      case "S": total += number
      case "M": total += number * 60
      case "H": total += number * 3_600
      case "D": total += number * 86_400
      default: throw fail(at, "'\(source.text(at..<at + 1))' is no unit: s, m, h or d")
      }
      at += 1
    }
    guard (1...Self.longestPeriod).contains(total) else {
      throw fail(word.lowerBound, "a period is at least 1s and at most 36525d")
    }
    return total
  }

  /// A hundred years.
  private static let longestPeriod = 36_525 * 86_400

  // MARK: Errors of the whole

  private func wrongCount() -> CronError {
    let count = source.words.count
    let wanted = format.fields.map { $0.rawValue.replacing(" ", with: "-") }.joined(separator: " ")
    let there = "\(count) \(count == 1 ? "field" : "fields") where \(format.rawValue) are expected (\(wanted))"
    let column: Int
    var field: String?
    if count > format.rawValue {
      column = source.words[format.rawValue].lowerBound + 1
    } else {
      column = source.words[count - 1].upperBound + 1
      field = format.fields[count].rawValue
    }
    return CronError(code: .fieldCount, field: field, column: column, message: there + otherReadings(count))
  }

  /// What the same words would mean if they were read with another number of fields.
  private func otherReadings(_ count: Int) -> String {
    let words = source.text(source.words[0].lowerBound..<source.words[count - 1].upperBound)
    func reading(_ text: String, _ format: CronFormat) -> String? {
      (try? CronExpression(text, format: format)).map { "\"\($0.summary)\"" }
    }
    var readings: [String] = []
    if let other = CronFormat(rawValue: count), other != format, let meaning = reading(words, other) {
      readings.append("`fields: \(count)` (\(Self.shape(other))) would read \(meaning)")
    }
    if format == .minutes, count == 6 {
      if let meaning = reading("0 " + words, .secondsAndYear) {
        readings.append("if the last is a year, \"0 \(words)\" with `fields: 7` is \(meaning)")
      }
      let five = source.text(source.words[0].lowerBound..<source.words[4].upperBound)
      if let meaning = reading(five, .minutes) {
        readings.append("if the last is no part of the time, \"\(five)\" is \(meaning)")
      }
    }
    if format == .secondsAndYear, count == 6, let meaning = reading(words + " *", .secondsAndYear) {
      readings.append("with any year, \"\(words) *\", it is \(meaning)")
    }
    if readings.isEmpty { return "; write one word a field, * for any" }
    return "; say which you mean: " + readings.joined(separator: "; ")
  }

  private static func shape(_ format: CronFormat) -> String {
    switch format {
    case .minutes: "minutes first"
    case .seconds: "seconds first"
    case .secondsAndYear: "seconds first, year last"
    }
  }

  private func neverFires() -> CronError {
    let index = format.fields.firstIndex(of: .dayOfMonth) ?? 0
    let word = source.words[index]
    return CronError(
      code: .neverFires, field: CronField.dayOfMonth.rawValue, column: word.lowerBound + 1,
      message: "no day of 1970–2199 matches: day of month \(source.text(word)), month \(source.text(source.words[index + 1])), "
        + "day of week \(source.text(source.words[index + 2])) never come together; change one of them")
  }
}

/// The words that stand for five fields (crontab(5), "EXTENSIONS").
private struct Macro {
  var name: String
  var fields: CalendarFields

  private static func fields(
    seconds: UInt64 = 1, minutes: UInt64 = 1, hours: UInt32 = 1, days: UInt32 = .max << 1, months: UInt16 = 0x1ffe,
    weekdays: UInt8 = 0x7f, isWildcard: Bool = false
  ) -> CalendarFields {
    CalendarFields(
      seconds: seconds, minutes: minutes, hours: hours, days: days, months: months, weekdays: weekdays, isWildcard: isWildcard)
  }

  static let all = [
    Macro(name: "@YEARLY", fields: fields(days: 2, months: 2)),
    Macro(name: "@ANNUALLY", fields: fields(days: 2, months: 2)),
    Macro(name: "@MONTHLY", fields: fields(days: 2)),
    Macro(name: "@WEEKLY", fields: fields(weekdays: 1)),
    Macro(name: "@DAILY", fields: fields()),
    Macro(name: "@MIDNIGHT", fields: fields()),
    Macro(name: "@HOURLY", fields: fields(hours: 0xff_ffff, isWildcard: true)),
    Macro(name: "@EVERY_MINUTE", fields: fields(minutes: 1 << 60 - 1, hours: 0xff_ffff, isWildcard: true)),
    Macro(
      name: "@EVERY_SECOND",
      fields: fields(seconds: 1 << 60 - 1, minutes: 1 << 60 - 1, hours: 0xff_ffff, isWildcard: true)),
  ]
}
