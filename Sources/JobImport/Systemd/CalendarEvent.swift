/// What `OnCalendar=` says, as systemd.time(7) has it, in the fields of cron.
struct CalendarEvent: Hashable, Sendable {
  private(set) var second = "0"
  private(set) var minute = "0"
  private(set) var hour = "0"
  private(set) var day = "*"
  private(set) var month = "*"
  private(set) var year = "*"

  /// 0 is Sunday; empty: any.
  private(set) var weekdays: Set<Int> = []
  private(set) var zone: String?

  private static let shortcuts = [
    "minutely": "*-*-* *:*:00", "hourly": "*-*-* *:00:00", "daily": "*-*-* 00:00:00", "monthly": "*-*-01 00:00:00",
    "weekly": "Mon *-*-* 00:00:00", "yearly": "*-01-01 00:00:00", "annually": "*-01-01 00:00:00",
    "quarterly": "*-01,04,07,10-01 00:00:00", "semiannually": "*-01,07-01 00:00:00", "semi-annually": "*-01,07-01 00:00:00",
    "biannually": "*-01,07-01 00:00:00", "bi-annually": "*-01,07-01 00:00:00",
  ]
  private static let weekdayNames = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
  private static let weekdayWords = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

  /// Throws for what is no calendar event, and for what cron cannot say.
  init(_ text: String) throws(ImportError) {
    var words = text.split(whereSeparator: \.isWhitespace)
    guard let first = words.first, !first.hasPrefix("@") else {
      throw ImportError("\"\(text)\" is no calendar event that repeats")
    }
    if words.count > 1, let last = words.last, Self.looksLikeZone(last) {
      zone = String(last)
      words.removeLast()
    }
    if words.count == 1, let meaning = Self.shortcuts[words[0].lowercased()] { words = meaning.split(separator: " ") }
    if let word = words.first, let weekdays = try Self.weekdays(word) {
      self.weekdays = weekdays.count == 7 ? [] : weekdays
      words.removeFirst()
    }
    if let date = words.first, !date.contains(":") {
      try readDate(date, in: text)
      words.removeFirst()
    }
    if let time = words.first {
      try readTime(time, in: text)
      words.removeFirst()
    }
    guard words.isEmpty, !text.isEmpty else { throw ImportError("\"\(text)\" is no calendar event") }
  }

  /// Anything with letters that is neither a weekday nor a word of its own.
  private static func looksLikeZone(_ word: Substring) -> Bool {
    let isName = word.first?.isLetter == true && word.allSatisfy { $0.isLetter || $0.isNumber || "/_+-".contains($0) }
    guard isName, shortcuts[word.lowercased()] == nil else { return false }
    return !weekdayNames.contains { $0.hasPrefix(word.prefix { $0.isLetter }.lowercased()) }
  }

  /// Nil when the word is a date or a time.
  private static func weekdays(_ word: Substring) throws(ImportError) -> Set<Int>? {
    guard word.first?.isLetter == true else { return nil }
    var days: Set<Int> = []
    for part in word.split(separator: ",") {
      let isRange = part.contains("..") || part.contains("-")
      let bounds = part.split { $0 == "." || $0 == "-" }.map { name in
        weekdayNames.firstIndex { $0 == name.lowercased() || $0.prefix(3) == name.lowercased() }
      }
      // A week begins on Monday here: Sunday is its end, and no range goes over it.
      guard bounds.count == (isRange ? 2 : 1), let low = bounds[0].map({ ($0 + 6) % 7 }),
        let high = bounds[bounds.count - 1].map({ ($0 + 6) % 7 }), low <= high
      else { throw ImportError("\"\(word)\" are no days of the week") }
      for day in low...high { days.insert((day + 1) % 7) }
    }
    return days
  }

  private mutating func readDate(_ date: Substring, in text: String) throws(ImportError) {
    var parts = date.split(separator: "-", omittingEmptySubsequences: false).map(Substring.init)
    var isFromEnd = false
    // `MM~DD`: counted from the month's end.
    if let last = parts.last, let tilde = last.firstIndex(of: "~") {
      parts[parts.count - 1] = last[..<tilde]
      parts.append(last[last.index(after: tilde)...])
      isFromEnd = true
    }
    if parts.count == 2 { parts.insert("*", at: 0) }
    guard parts.count == 3 else { throw ImportError("\"\(text)\" has no date as 2026-12-24 or *-*-01 in it") }
    year = try Self.field(parts[0], 1970...2099, in: text)
    month = try Self.field(parts[1], 1...12, in: text)
    day = isFromEnd ? try fromEnd(parts[2], in: text) : try Self.field(parts[2], 1...31, in: text)
  }

  /// Cron knows the last day of a month, and the last of each weekday.
  private mutating func fromEnd(_ part: Substring, in text: String) throws(ImportError) -> String {
    if Int(part) == 1 { return "L" }
    let isLastWeek = ["07/1", "7/1", "01..07", "1..7", "07..01", "7..1"].contains(part)
    guard isLastWeek, !weekdays.isEmpty else {
      throw ImportError(
        "\"\(text)\" counts days from a month's end, of which cron can say the last one and the last weekday alone")
    }
    lastWeekdays = weekdays
    weekdays = []
    return "*"
  }

  /// Weekdays of which only a month's last counts.
  private(set) var lastWeekdays: Set<Int> = []

  private mutating func readTime(_ time: Substring, in text: String) throws(ImportError) {
    let parts = time.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count) else { throw ImportError("\"\(text)\" has no time as 08:00 or 08:00:00 in it") }
    hour = try Self.field(parts[0], 0...23, in: text)
    minute = try Self.field(parts[1], 0...59, in: text)
    if parts.count == 3 {
      guard !parts[2].contains(where: { $0 == "." }) || parts[2].contains("..") else {
        throw ImportError("\"\(text)\" has fractions of a second, which cron cannot say")
      }
      second = try Self.field(parts[2], 0...59, in: text)
    }
  }

  /// One field: `*`, or a list of `a`, `a..b`, `a/step`, `a..b/step`.
  private static func field(_ field: Substring, _ range: ClosedRange<Int>, in text: String) throws(ImportError) -> String {
    if field == "*" { return "*" }
    var parts: [String] = []
    for part in field.split(separator: ",", omittingEmptySubsequences: false) {
      let halves = part.split(separator: "/", omittingEmptySubsequences: false)
      let bounds = halves[0].split(separator: ".", omittingEmptySubsequences: false).filter { !$0.isEmpty }
      let numbers = bounds.map { bound in
        Int(bound).map { range.upperBound == 2099 && bound.count <= 2 ? ($0 < 70 ? $0 + 2000 : $0 + 1900) : $0 }
      }
      let isRange = halves[0].contains("..")
      guard halves.count <= 2, numbers.count == (isRange ? 2 : 1), let low = numbers[0], let high = numbers[numbers.count - 1],
        low <= high, range.contains(low), range.contains(high), halves.count == 1 || Int(halves[1]).map({ $0 > 0 }) == true
      else {
        throw ImportError("\"\(part)\" in \"\(text)\" is not one of \(range.lowerBound) to \(range.upperBound)")
      }
      if halves.count == 2 {
        guard isRange || low + (Int(halves[1]) ?? 0) <= range.upperBound else {
          throw ImportError("\"\(part)\" in \"\(text)\" steps over its end at once, which systemd refuses")
        }
        let end = isRange ? high : range.upperBound
        let step = Int(halves[1]) ?? 1
        // Where nothing follows there is nothing to step to.
        parts.append(
          low + step > end
            ? "\(low)" : low == range.lowerBound && end == range.upperBound ? "*/\(step)" : "\(low)-\(end)/\(step)")
      } else {
        parts.append(isRange ? "\(low)-\(high)" : "\(low)")
      }
    }
    return parts.joined(separator: ",")
  }
}

extension CalendarEvent {
  /// How many fields cron needs.
  var fieldCount: Int { year != "*" ? 7 : second != "0" ? 6 : 5 }

  /// The expression with so many fields.
  func cron(fields: Int) -> String {
    var days = Self.list(weekdays)
    if !lastWeekdays.isEmpty { days = lastWeekdays.sorted().map { "\(Self.weekdayWords[$0])L" }.joined(separator: ",") }
    // Days of both kinds are joined by OR in cron, by AND here: the weekdays that do not count are excluded instead.
    if needsExclusion { days = "*" }
    let core = [minute, hour, day, month, days]
    return ((fields > 5 ? [second] : []) + core + (fields > 6 ? [year] : [])).joined(separator: " ")
  }

  /// What is due by `cron` but not by the event.
  func exclusions(fields: Int) -> [String] {
    guard needsExclusion else { return [] }
    let others = Self.list(Set(0...6).subtracting(weekdays))
    return ["\(fields > 5 ? "* " : "")* * * * \(others)\(fields > 6 ? " *" : "")"]
  }

  private var needsExclusion: Bool { day != "*" && !weekdays.isEmpty }

  /// Weekdays in cron's words, runs as ranges; the week begins on Monday, and a range that would end on Sunday ends on 7.
  private static func list(_ days: Set<Int>) -> String {
    let numbers = days.map { $0 == 0 ? 7 : $0 }.sorted()
    guard !numbers.isEmpty else { return "*" }
    var parts: [String] = []
    var rest = numbers[...]
    while let first = rest.first {
      let run = Array(rest.enumerated().prefix { $0.element == first + $0.offset }.map(\.element))
      rest = rest.dropFirst(run.count)
      parts.append(run.count == 1 ? "\(first % 7)" : "\(first)-\(run[run.count - 1])")
    }
    return parts.joined(separator: ",")
  }
}
