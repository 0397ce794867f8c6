/// Which years of 1970–2199 an expression names: a bit each.
struct YearSet: Hashable, Sendable {
  static let range = 1970...2199
  static let all = {
    var all = YearSet()
    for year in range { all.insert(year) }
    return all
  }()

  // No vector, which would be aligned to 32 bytes: schedules are kept by the hundred thousand.
  private var word0: UInt64 = 0
  private var word1: UInt64 = 0
  private var word2: UInt64 = 0
  private var word3: UInt64 = 0

  mutating func insert(_ year: Int) {
    let bit = year - Self.range.lowerBound
    self[word: bit >> 6] |= 1 << UInt64(bit & 63)
  }

  /// Whether the set has the year; never one outside of the range.
  func contains(_ year: Int) -> Bool {
    guard Self.range.contains(year) else { return false }
    let bit = year - Self.range.lowerBound
    return self[word: bit >> 6] >> UInt64(bit & 63) & 1 == 1
  }

  /// In order.
  var years: [Int] { Self.range.filter(contains) }

  private subscript(word index: Int) -> UInt64 {
    get {
      switch index {
      case 0: word0
      case 1: word1
      case 2: word2
      default: word3
      }
    }
    set {
      switch index {
      case 0: word0 = newValue
      case 1: word1 = newValue
      case 2: word2 = newValue
      default: word3 = newValue
      }
    }
  }
}
