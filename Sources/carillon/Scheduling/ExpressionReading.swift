import Cron
import JobModel

/// What the fields of a cron expression come to, and what in it may surprise.
struct ExpressionReading {
  /// One field.
  struct Field {
    /// As crontab(5) calls it.
    var name: String
    var text: String
    /// The numbers that it matches on some day; empty for years.
    var values: [Int]

    var isHashed: Bool {
      text.uppercased().contains("H") && !text.uppercased().contains("THU") && !text.uppercased().contains("MAR")
    }
    var isStar: Bool { text == "*" || text == "?" }
    /// A number of units that a step goes by, from `*/7`.
    var step: Int? { text.hasPrefix("*/") ? Int(text.dropFirst(2)) : nil }
  }

  private static let names = ["second", "minute", "hour", "day of month", "month", "day of week", "year"]

  let expression: CronExpression
  /// In the order in which they are written; empty for an `@word`.
  let fields: [Field]

  /// - Parameter hashKey: the job's name, by which `H` chooses.
  init(_ expression: CronExpression, hashKey: String) {
    self.expression = expression
    let words = expression.text.prefix { $0 != "#" || expression.text.first == "#" }.split(whereSeparator: \.isWhitespace).map(
      String.init)
    let texts = Array(words.prefix(expression.format.rawValue))
    guard texts.first?.hasPrefix("@") == false, texts.count == expression.format.rawValue else {
      fields = []
      return
    }
    let names = Self.names.dropFirst(expression.format == .minutes ? 1 : 0).prefix(texts.count)
    fields = zip(names, texts).map { name, text in
      Field(name: name, text: text, values: Self.values(of: text, in: name, expression.format, hashKey))
    }
  }

  /// Found by asking: the field with stars for all others, over every number that it can have.
  private static func values(of text: String, in name: String, _ format: CronFormat, _ hashKey: String) -> [Int] {
    guard name != "year" else { return [] }
    let all = names.dropFirst(format == .minutes ? 1 : 0).prefix(format.rawValue)
    let alone = all.map { $0 == name ? text : $0 == "second" ? "0" : "*" }.joined(separator: " ")
    let probe: CronExpression
    do throws(CronError) { probe = try CronExpression(alone, format: format, hashKey: hashKey) } catch { return [] }
    func isIn(_ time: LocalTime) -> Bool { probe.matches(time) }
    switch name {
    case "second": return (0..<60).filter { isIn(LocalTime(year: 2024, month: 1, day: 1, second: $0)) }
    case "minute": return (0..<60).filter { isIn(LocalTime(year: 2024, month: 1, day: 1, minute: $0)) }
    case "hour": return (0..<24).filter { isIn(LocalTime(year: 2024, month: 1, day: 1, hour: $0)) }
    case "day of month": return (1...31).filter { isIn(LocalTime(year: 2024, month: 1, day: $0)) }
    case "month": return (1...12).filter { isIn(LocalTime(year: 2024, month: $0, day: 1)) }
    // 2024-12-01 is a Sunday.
    default: return (0..<7).filter { day in (0..<5).contains { isIn(LocalTime(year: 2024, month: 12, day: 1 + day + 7 * $0)) } }
    }
  }

  private func field(_ name: String) -> Field? { fields.first { $0.name == name } }

  /// For people, each a sentence.
  /// - Parameter job: the job by which `H` was chosen; nil: none was named.
  func warnings(job: String?) -> [String] {
    var notes: [String] = []
    if let day = field("day of month"), let weekday = field("day of week"), !day.text.hasPrefix("*"), day.text != "?",
      !weekday.text.hasPrefix("*"), weekday.text != "?"
    {
      notes.append(
        "day of month (\(day.text)) and day of week (\(weekday.text)) are both restricted: it is due when EITHER matches, as cron(8) has it"
      )
    }
    for (name, size) in [("second", 60), ("minute", 60), ("hour", 24)] {
      guard let field = field(name), let step = field.step, step > 1, size % step != 0, step < size,
        let last = field.values.last
      else { continue }
      notes.append(
        "\(field.text) in the \(name) field does not go evenly: after \(name) \(last) it begins anew at 0, \(Words.count(size - last, name)) later; "
          + "\"@every \(step)\(name.prefix(1))\" goes evenly")
    }
    if let minute = field("minute"), let hour = field("hour"), minute.isStar, !hour.text.hasPrefix("*") {
      notes.append("every minute of the hour: for once an hour write a number in the minute field, as 0 \(hour.text)")
    }
    if let day = field("day of month"), let least = day.values.first, least > 28,
      day.text.allSatisfy({ $0.isNumber || $0 == "," || $0 == "-" })
    {
      notes.append("not every month has a day \(least): the others are passed over; L is the last day of each")
    }
    if job == nil, fields.contains(where: \.isHashed) { notes.append("H is chosen by the job's name: name one with --job") }
    if expression.format == .minutes, let every = expression.period, every < 60 {
      notes.append("due every \(Words.count(every, "second")): each time is a run of its own")
    }
    return notes
  }
}
