import JobModel

/// Durations as job files and the command line write them: `90s`, `5m`, `24h`, `1h30m`, `250ms`, `7d`; `0` needs no unit.
package enum DurationText {
  private static let units: [(suffix: String, microseconds: Int64)] = [
    ("ms", 1_000), ("us", 1), ("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000),
  ]

  /// The duration; nil when the text is none, or longer than a hundred years.
  package static func parse(_ text: String) -> Duration? {
    if text == "0" { return .zero }
    var rest = text[...]
    var total: Int64 = 0
    var last = Int64.max
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(number.count)
      guard let value = Double(number), let unit = units.first(where: { rest.hasPrefix($0.suffix) }),
        unit.microseconds < last
      else { return nil }
      rest = rest.dropFirst(unit.suffix.count)
      last = unit.microseconds
      let microseconds = value * Double(unit.microseconds)
      guard microseconds <= 3.2e15 else { return nil }
      total += Int64(microseconds.rounded())
    }
    return text.isEmpty || total > 3_200_000_000_000_000 ? nil : .microseconds(total)
  }

  /// The shortest text that `parse` reads back as the duration.
  package static func format(_ duration: Duration) -> String {
    var rest = duration.wholeMicroseconds
    if rest == 0 { return "0s" }
    var text = rest < 0 ? "-" : ""
    rest = abs(rest)
    for (suffix, microseconds) in units.sorted(by: { $0.microseconds > $1.microseconds }) where rest >= microseconds {
      text += "\(rest / microseconds)\(suffix)"
      rest %= microseconds
    }
    return text
  }
}
