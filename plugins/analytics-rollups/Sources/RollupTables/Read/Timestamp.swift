/// ISO 8601 as events write it: `2026-10-01T00:00:01.133Z`, `2026-10-01 02:00:01+02:00`.
enum Timestamp {
  /// 2200-01-01T00:00:00Z in microseconds: no event is at or after it, nor before 1970.
  static let end: Int64 = 7_258_118_400 * 1_000_000

  /// Microseconds since 1970, digits behind the sixth cut off; nil where the text is no such time, or has no zone.
  @inline(__always)
  static func microseconds(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    guard text.count >= 20, let bytes = text.baseAddress else { return nil }
    var flaw: UInt8 = 0
    @inline(__always) func pair(_ index: Int) -> Int {
      let high = bytes[index] &- 0x30
      let low = bytes[index + 1] &- 0x30
      flaw |= (high > 9 ? 1 : 0) | (low > 9 ? 1 : 0)
      return Int(high) &* 10 &+ Int(low)
    }
    let year = pair(0) &* 100 &+ pair(2)
    let (month, day, hour, minute, second) = (pair(5), pair(8), pair(11), pair(14), pair(17))
    let separator = bytes[10]
    guard flaw == 0, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[13] == 0x3A, bytes[16] == 0x3A,
      separator == UInt8(ascii: "T") || separator == 0x20 || separator == UInt8(ascii: "t"),
      year >= 1969, year <= 2200, month >= 1, month <= 12, day >= 1, day <= days(of: month, in: year), hour < 24, minute < 60,
      second < 60
    else { return nil }
    var index = 19
    var fraction = 0
    if bytes[index] == 0x2E || bytes[index] == 0x2C {
      index += 1
      let first = index
      var unit = 100_000
      while index < text.count, bytes[index] &- 0x30 < 10 {
        fraction += Int(bytes[index] &- 0x30) * unit
        unit /= 10
        index += 1
      }
      guard index > first else { return nil }
    }
    guard let offset = offset(text, from: index) else { return nil }
    let seconds = dayNumber(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset
    let instant = Int64(seconds) * 1_000_000 + Int64(fraction)
    return (0..<end).contains(instant) ? instant : nil
  }

  /// Seconds east: `Z`, `+02:00`, `+0200` or `+02` to the end of the text.
  @inline(__always)
  private static func offset(_ text: UnsafeBufferPointer<UInt8>, from index: Int) -> Int? {
    guard index < text.count else { return nil }
    if text[index] == UInt8(ascii: "Z") || text[index] == UInt8(ascii: "z") { return index + 1 == text.count ? 0 : nil }
    guard text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") else { return nil }
    let length = text.count - index - 1
    guard length == 2 || length == 4 || length == 5 && text[index + 3] == 0x3A else { return nil }
    guard let hours = number(text, index + 1), hours < 24 else { return nil }
    var minutes = 0
    if length > 2 {
      guard let given = number(text, text.count - 2), given < 60 else { return nil }
      minutes = given
    }
    return (text[index] == UInt8(ascii: "-") ? -1 : 1) * (hours * 3_600 + minutes * 60)
  }

  private static func number(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int? {
    let (high, low) = (text[index] &- 0x30, text[index + 1] &- 0x30)
    return high < 10 && low < 10 ? Int(high) * 10 + Int(low) : nil
  }

  @inline(__always)
  private static func days(of month: Int, in year: Int) -> Int {
    if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
    return 30 + (month + month >> 3) & 1
  }

  /// Days after 1970-01-01. After Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
  @inline(__always)
  static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
