/// Spans as systemd.time(7) has them: `1h 30min`, `2weeks`, `90` (seconds).
enum TimeSpan {
  private static let units: [(names: [String], microseconds: Double)] = [
    (["usec", "us", "µs", "μs"], 1), (["msec", "ms"], 1e3), (["seconds", "second", "sec", "s", ""], 1e6),
    (["minutes", "minute", "min", "m"], 60e6), (["hours", "hour", "hr", "h"], 3_600e6), (["days", "day", "d"], 86_400e6),
    (["weeks", "week", "w"], 604_800e6), (["months", "month", "M"], 2_629_800e6), (["years", "year", "y"], 31_557_600e6),
  ]

  /// As a job file writes it; nil: `infinity`. Throws for what is no span.
  static func jobText(_ text: String) throws(ImportError) -> String? {
    if text == "infinity" { return nil }
    var rest = text[...]
    var total = 0.0
    var isEmpty = true
    while true {
      rest = rest.drop { $0 == " " || $0 == "\t" }
      if rest.isEmpty { break }
      let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(number.count).drop { $0 == " " }
      let name = rest.prefix { $0.isLetter || $0 == "µ" || $0 == "μ" }
      rest = rest.dropFirst(name.count)
      guard let value = Double(number), let unit = units.first(where: { $0.names.contains(String(name)) }) else {
        throw ImportError("\"\(text)\" is no span of time")
      }
      total += value * unit.microseconds
      isEmpty = false
    }
    guard !isEmpty, total < 3.2e15 else { throw ImportError("\"\(text)\" is no span of time") }
    return jobText(microseconds: Int64(total.rounded()))
  }

  private static func jobText(microseconds: Int64) -> String {
    var rest = microseconds
    var text = ""
    for (unit, size) in [
      ("d", Int64(86_400_000_000)), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1_000), ("us", 1),
    ]
    where rest >= size {
      text += "\(rest / size)\(unit)"
      rest %= size
    }
    return text.isEmpty ? "0" : text
  }
}
