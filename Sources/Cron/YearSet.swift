/// Which years of 1970–2199 an expression names: a bit each.
struct YearSet: Hashable, Sendable {
  static let range = 1970...2199
  static let all = {
    var all = YearSet()
    for year in range { all.insert(year) }
    return all
  }()

  private var words = SIMD4<UInt64>(repeating: 0)

  mutating func insert(_ year: Int) {
    let bit = year - Self.range.lowerBound
    words[bit >> 6] |= 1 << UInt64(bit & 63)
  }

  /// Whether the set has the year; never one outside of the range.
  func contains(_ year: Int) -> Bool {
    guard Self.range.contains(year) else { return false }
    let bit = year - Self.range.lowerBound
    return words[bit >> 6] >> UInt64(bit & 63) & 1 == 1
  }

  /// In order.
  var years: [Int] { Self.range.filter(contains) }
}
