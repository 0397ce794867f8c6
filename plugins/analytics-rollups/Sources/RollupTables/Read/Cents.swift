/// Money: a decimal number as it is written, in hundredths. No double is ever made of it.
package enum Cents {
  /// 90 trillion in hundredths: sums of a billion of the largest amounts that occur stay far below 2^63.
  static let limit: Int64 = 9_000_000_000_000_000

  /// Half a cent is rounded away from zero. Nil where the text is no decimal number (`12`, `-3.5`, `1.2e3`) or beyond the limit.
  package static func parse(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    var index = 0
    var isNegative = false
    if index < text.count, text[index] == UInt8(ascii: "-") {
      isNegative = true
      index += 1
    }
    var digits: Int64 = 0
    // How many digits of `digits` stand behind the point, and whether that many were kept.
    var scale = 0
    var dropped = 0
    var hasDigits = false
    var hasPoint = false
    while index < text.count {
      let byte = text[index]
      if byte == 0x2E, !hasPoint {
        hasPoint = true
      } else if byte &- 0x30 < 10 {
        hasDigits = true
        if digits <= limit {
          digits = digits * 10 + Int64(byte - 0x30)
          if hasPoint { scale += 1 }
        } else if !hasPoint {
          dropped += 1
        }
      } else {
        break
      }
      index += 1
    }
    guard hasDigits else { return nil }
    var exponent = 0
    if index < text.count {
      guard text[index] | 0x20 == UInt8(ascii: "e"), let given = Self.exponent(text, from: index + 1) else { return nil }
      exponent = given
    }
    guard let cents = scaled(digits, by: 2 + exponent + dropped - scale), cents <= limit else { return nil }
    return isNegative ? -cents : cents
  }

  private static func exponent(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var index = start
    var sign = 1
    if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
      if text[index] == UInt8(ascii: "-") { sign = -1 }
      index += 1
    }
    guard index < text.count else { return nil }
    var value = 0
    while index < text.count {
      guard text[index] &- 0x30 < 10 else { return nil }
      value = min(value * 10 + Int(text[index] - 0x30), 10_000)
      index += 1
    }
    return sign * value
  }

  /// `digits` times ten to `power`, rounded; nil beyond the limit.
  private static func scaled(_ digits: Int64, by power: Int) -> Int64? {
    var value = digits
    if digits == 0 { return 0 }
    if power >= 0 {
      for _ in 0..<power {
        value *= 10
        if value > limit { return nil }
      }
      return value
    }
    var half = false
    for _ in 0..<min(-power, 40) {
      half = value % 10 >= 5
      value /= 10
    }
    return half ? value + 1 : value
  }

  /// `1234.56`, as a configuration or a person reads it.
  package static func text(_ cents: Int64) -> String {
    let (units, rest) = cents.magnitude.quotientAndRemainder(dividingBy: 100)
    return "\(cents < 0 ? "-" : "")\(units).\(rest < 10 ? "0" : "")\(rest)"
  }
}
