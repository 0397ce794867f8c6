/// `90s`, `15m`, `6h`, `4d`, `1h30m`, `250ms`; `0` needs no unit.
package struct DurationText: Decodable, Hashable, Sendable {
  package let duration: Duration

  private static let units: [(name: String, milliseconds: Double)] = [
    ("ms", 1), ("d", 86_400e3), ("h", 3_600e3), ("m", 60e3), ("s", 1e3),
  ]

  package init(_ duration: Duration) { self.duration = duration }

  package init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    let text = try single.decode(String.self)
    guard let duration = Self.parse(text) else {
      throw DecodingError.dataCorruptedError(
        in: single, debugDescription: "must be a duration as 90s, 15m or 4d, is \"\(text)\"")
    }
    self.duration = duration
  }

  private static func parse(_ text: String) -> Duration? {
    if text == "0" { return .zero }
    var rest = text[...]
    var total = 0.0
    while !rest.isEmpty {
      let number = rest.prefix { "0123456789.".contains($0) }
      rest = rest.dropFirst(number.count)
      guard let value = Double(number), let unit = units.first(where: { rest.hasPrefix($0.name) }) else { return nil }
      rest = rest.dropFirst(unit.name.count)
      total += value * unit.milliseconds
    }
    return text.isEmpty || total > 3e12 ? nil : .milliseconds(Int64(total.rounded()))
  }
}
