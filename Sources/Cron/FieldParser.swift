/// Reads one field of an expression into bits.
struct FieldParser {
  let field: CronField
  let source: SourceText
  let hash: StableHash
  var at: Int
  let end: Int

  init(field: CronField, token: Range<Int>, of source: SourceText, hash: StableHash) {
    self.field = field
    self.source = source
    self.hash = hash
    at = token.lowerBound
    end = token.upperBound
  }

  /// Reads the whole field.
  mutating func parse() throws(CronError) -> FieldValue {
    var value = FieldValue()
    value.isStar = peek == "*" || peek == "?"
    while true {
      try parseItem(into: &value)
      guard at < end else { return value }
      guard take(",") else { throw unexpected() }
    }
  }

  private mutating func parseItem(into value: inout FieldValue) throws(CronError) {
    switch peek {
    case "*":
      at += 1
      value.insert(from: field.range.lowerBound, through: field.range.upperBound, step: try step() ?? 1)
    case "?":
      guard field == .dayOfMonth || field == .dayOfWeek else {
        throw fail(.misplacedMark, "? stands for \"any\" in the two day fields only; write * here")
      }
      at += 1
      value.insert(from: field.range.lowerBound, through: field.range.upperBound, step: 1)
    case "H": try parseHash(into: &value)
    case "L": try parseFromEnd(into: &value)
    case nil, ",": throw fail(.syntax, "a value is missing; write a number, a range such as \(example), or *")
    default: try parseValues(into: &value)
    }
  }

  /// `value`, `value-value`, either with `/step`; or a value with a mark: `15W`, `5L`, `MON#2`.
  private mutating func parseValues(into value: inout FieldValue) throws(CronError) {
    let start = at
    let first = try parseValue()
    if field == .dayOfMonth, peek == "W" {
      at += 1
      try standsAlone(in: value)
      value.nearestWeekdays |= 1 << UInt32(first)
      return
    }
    if field == .dayOfWeek, take("L") {
      value.lastWeekdays |= 1 << UInt8(first % 7)
      return
    }
    if field == .dayOfWeek, take("#") {
      let column = at
      guard let nth = try number(), (1...5).contains(nth), at - column == 1 else {
        at = column
        throw fail(.outOfRange, "behind # stands which one of the month, 1 to 5: MON#2 is the second Monday")
      }
      value.nthWeekdays |= 1 << UInt64(7 * (nth - 1) + first % 7)
      return
    }
    guard take("-") else {
      // crontab(5) has no step behind one number; here, as in most other programs, 5/15 is 5-59/15.
      if let step = try step() {
        value.insert(from: first, through: field.range.upperBound, step: step)
      } else {
        value.insert(first)
      }
      return
    }
    let last = try parseValue()
    try insertRange(first, last, from: start, into: &value)
  }

  /// A range that ends before it begins goes on over the end of the field: `22-2` is 22, 23, 0, 1, 2.
  private mutating func insertRange(_ first: Int, _ last: Int, from start: Int, into value: inout FieldValue) throws(CronError)
  {
    let step = try step() ?? 1
    if first <= last { return value.insert(from: first, through: last, step: step) }
    guard field != .year else {
      at = start
      throw fail(.outOfRange, "the years \(first)-\(last) run backwards; write \(last)-\(first)")
    }
    let range = field == .dayOfWeek ? 0...6 : field.range
    for number in stride(from: first, through: last + range.count, by: step) {
      value.insert(range.contains(number) ? number : number - range.count)
    }
  }

  /// `H`, `H(from-to)`, either with `/step`.
  private mutating func parseHash(into value: inout FieldValue) throws(CronError) {
    guard field != .year else { throw fail(.misplacedMark, "H chooses no year; write a year or *") }
    let isFirst = value.isEmpty
    at += 1
    var range = field.hashRange
    if take("(") {
      let start = at
      let low = try parseValue()
      guard take("-") else { throw fail(.syntax, "H takes a range: H(\(range.lowerBound)-\(range.upperBound))") }
      let high = try parseValue()
      guard low <= high else {
        at = start
        throw fail(.outOfRange, "the range of H runs backwards; write H(\(high)-\(low))")
      }
      guard take(")") else { throw fail(.syntax, "a ) is missing behind the range of H") }
      range = low...high
    } else if at < end, peek?.isLetter ?? false {
      throw unexpected()
    }
    let chosen = hash.value(for: field)
    if let step = try step() {
      // Like */step, moved by less than a step.
      let offset = Int(chosen % UInt64(min(step, range.count)))
      value.insert(from: range.lowerBound + offset, through: range.upperBound, step: step)
      if isFirst { value.isStar = true }
    } else {
      value.insert(range.lowerBound + Int(chosen % UInt64(range.count)))
    }
  }

  /// `L`, `L-3`, `LW`, `L-3W`.
  private mutating func parseFromEnd(into value: inout FieldValue) throws(CronError) {
    guard field == .dayOfMonth else {
      throw fail(
        .misplacedMark,
        field == .dayOfWeek
          ? "L needs a day in front here: 5L or FRIL is the last Friday of the month"
          : "L is the last day of the month, in the day-of-month field only")
    }
    at += 1
    var back = 0
    if take("-") {
      let column = at
      guard let number = try number(), number <= 30 else {
        at = column
        throw fail(.outOfRange, "behind L- stands how many days before the last of the month, 0 to 30")
      }
      back = number
    }
    if take("W") {
      try standsAlone(in: value)
      value.nearestWeekdaysFromEnd |= 1 << UInt32(back)
    } else {
      value.daysFromEnd |= 1 << UInt32(back)
    }
  }

  private func standsAlone(in value: FieldValue) throws(CronError) {
    if at < end, peek != "," {
      throw fail(.misplacedMark, "W belongs to one day, as in 15W; it goes with no range or step")
    }
  }

  /// A step behind a slash; nil where there is none.
  private mutating func step() throws(CronError) -> Int? {
    guard take("/") else { return nil }
    let column = at
    guard let step = try number(), step > 0 else {
      at = column
      throw fail(.badStep, "behind / stands a step of 1 or more, as in */5")
    }
    return step
  }

  /// A number or a name of the field.
  private mutating func parseValue() throws(CronError) -> Int {
    let start = at
    if let number = try number() {
      if let letter = peek, letter.isLetter || letter == "_", !markMayFollow(letter) {
        at = start
        throw fail(.syntax, "\"\(word())\" is no number; write \(field.range.lowerBound)–\(field.range.upperBound)")
      }
      guard field.range.contains(number) else {
        at = start
        throw fail(
          .outOfRange, "\(number) is not in \(field.range.lowerBound)–\(field.range.upperBound)\(sundayHint(number))")
      }
      return number
    }
    let word = word()
    guard !word.isEmpty else { throw unexpected() }
    if let index = field.names.firstIndex(of: String(word.prefix(3))) {
      let rest = String(word.dropFirst(3))
      if rest.isEmpty || (rest == "L" && field == .dayOfWeek) {
        at += 3
        return index + field.range.lowerBound
      }
      if rest.allSatisfy(\.isLetter) {
        throw fail(.unknownName, "\"\(source.text(start..<start + word.count))\" is written \(field.names[index])")
      }
    }
    throw fail(.unknownName, "\"\(source.text(start..<start + word.count))\" is no \(field.rawValue); \(allowed)")
  }

  private func markMayFollow(_ letter: Character) -> Bool {
    field == .dayOfMonth && letter == "W" || field == .dayOfWeek && letter == "L"
  }

  private var allowed: String {
    let range = "\(field.range.lowerBound)–\(field.range.upperBound)"
    guard let first = field.names.first, let last = field.names.last else { return "write \(range)" }
    return "write \(range) or \(first)–\(last)"
  }

  private var example: String { "\(field.range.lowerBound + 1)-\(field.range.lowerBound + 5)" }

  private func sundayHint(_ number: Int) -> String {
    switch (field, number) {
    case (.minute, 60), (.second, 60): "; the next one begins at 0"
    case (.hour, 24): "; midnight is 0"
    case (.dayOfWeek, _): ", where 0 and 7 are Sunday"
    case (.dayOfMonth, 0), (.month, 0): "; the first is 1"
    default: ""
    }
  }

  /// Digits, or nil where there are none. Never overflows: what is too large for a field is capped.
  private mutating func number() throws(CronError) -> Int? {
    let start = at
    var number = 0
    while let digit = peek?.wholeNumberValue, peek?.isASCII ?? false {
      number = min(number * 10 + digit, 1_000_000_000)
      at += 1
    }
    return at == start ? nil : number
  }

  /// The letters and digits from here on, in capitals.
  private func word() -> String {
    var stop = at
    while stop < end, source[stop].isLetter || source[stop].isNumber || source[stop] == "_" { stop += 1 }
    return String(source.characters[at..<stop])
  }

  private var peek: Character? { at < end ? source[at] : nil }

  private mutating func take(_ character: Character) -> Bool {
    guard peek == character else { return false }
    at += 1
    return true
  }

  private func unexpected() -> CronError {
    guard let character = peek else { return fail(.syntax, "the field ends too early; \(allowed)") }
    if character == "#" {
      return fail(.misplacedMark, "# belongs behind one day of the week, as in MON#2, and a comment stands behind a blank")
    }
    if character == "W" || character == "L" {
      return fail(.misplacedMark, "\(character) cannot stand here; it belongs to days, as in 15W, L, LW or 5L")
    }
    return fail(.syntax, "'\(character)' cannot stand here; \(allowed), ranges a-b, steps /n and commas")
  }

  private func fail(_ code: CronError.Code, _ message: String) -> CronError {
    CronError(code: code, field: field.rawValue, column: at + 1, message: message)
  }
}
