/// The five fields of an entry, read only as far as to know that they are such.
enum CronFields {
  private struct Kind {
    var name: String
    var range: ClosedRange<Int>
    var words: [String] = []
    /// The number of the first word.
    var firstWord = 0
  }

  private static let kinds = [
    Kind(name: "minute", range: 0...59), Kind(name: "hour", range: 0...23), Kind(name: "day of the month", range: 1...31),
    Kind(
      name: "month", range: 1...12,
      words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], firstWord: 1),
    Kind(name: "day of the week", range: 0...7, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
  ]

  private static let nicknames = [
    "reboot": "@reboot", "yearly": "@yearly", "annually": "@yearly", "monthly": "@monthly", "weekly": "@weekly",
    "daily": "@daily", "midnight": "@daily", "hourly": "@hourly", "every_minute": "* * * * *",
  ]

  static func nickname(_ word: Substring) throws(ImportError) -> String {
    guard let known = nicknames[word.dropFirst().lowercased()] else {
      throw ImportError("\"\(word)\" is no time that cron knows: @reboot, @yearly, @monthly, @weekly, @daily, @hourly")
    }
    return known
  }

  /// The fields with a space between, and whether a random range (cronie's `a~b`) became a hashed one.
  static func checked(_ fields: [Substring]) throws(ImportError) -> (text: String, isHashed: Bool) {
    var texts: [String] = []
    var isHashed = false
    for (field, kind) in zip(fields, kinds) {
      if let range = try random(field, kind) {
        texts.append("H(\(range.lowerBound)-\(range.upperBound))")
        isHashed = true
      } else {
        for part in field.split(separator: ",", omittingEmptySubsequences: false) { try check(part, kind, in: field) }
        texts.append(String(field))
      }
    }
    return (texts.joined(separator: " "), isHashed)
  }

  private static func random(_ field: Substring, _ kind: Kind) throws(ImportError) -> ClosedRange<Int>? {
    guard field.contains("~") else { return nil }
    let bounds = field.split(separator: "~", omittingEmptySubsequences: false)
    let last = kind.range.upperBound == 7 ? 6 : kind.range.upperBound
    let low = bounds[0].isEmpty ? kind.range.lowerBound : Int(bounds[0])
    let high = bounds[bounds.count - 1].isEmpty ? last : Int(bounds[bounds.count - 1])
    guard bounds.count == 2, let low, let high, kind.range.contains(low), kind.range.contains(high), low <= high else {
      throw ImportError("\"\(field)\" is no \(kind.name): a random one is written as 0~29, alone in its field")
    }
    return low...high
  }

  private static func check(_ part: Substring, _ kind: Kind, in field: Substring) throws(ImportError) {
    let halves = part.split(separator: "/", omittingEmptySubsequences: false)
    let problem = "\"\(field)\" is no \(kind.name)"
    guard halves.count <= 2, !part.isEmpty else { throw ImportError("\(problem): it is a list of numbers, ranges and steps") }
    if halves.count == 2 {
      guard let step = Int(halves[1]), step > 0 else { throw ImportError("\(problem): \"\(halves[1])\" is no step") }
      guard halves[0] == "*" || halves[0].contains("-") else {
        throw ImportError(
          "\(problem) that every cron reads alike: Debian's takes \"\(part)\" for \(halves[0]) alone; write that, or "
            + "\(halves[0])-\(kind.range.upperBound)/\(step)")
      }
    }
    guard halves[0] != "*" else { return }
    let bounds = halves[0].split(separator: "-", omittingEmptySubsequences: false)
    var numbers: [Int] = []
    for bound in bounds {
      let word = kind.words.firstIndex(of: bound.lowercased()).map { $0 + kind.firstWord }
      guard let number = word ?? Int(bound), kind.range.contains(number), bound.first != "+" else {
        throw ImportError("\(problem): \"\(bound)\" is not one of \(kind.range.lowerBound) to \(kind.range.upperBound)")
      }
      numbers.append(number)
    }
    guard numbers.count == 1 || numbers.count == 2 && numbers[0] <= numbers[1] else {
      throw ImportError("\(problem): the range \(halves[0]) runs backwards")
    }
  }
}
