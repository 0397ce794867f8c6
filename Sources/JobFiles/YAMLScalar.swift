/// What a scalar means: YAML 1.2's core schema (https://yaml.org/spec/1.2.2/#103-core-schema), so that `no`, `on` and `1:30`
/// are text, less what JSON cannot say or people mistake.
enum YAMLScalar: Equatable {
  case null
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case text(String)
  /// Looks like a number but is none that can be passed on; the text says why.
  case invalid(String)

  init(_ text: String, isPlain: Bool) {
    guard isPlain else {
      self = .text(text)
      return
    }
    switch text {
    case "", "~", "null", "Null", "NULL": self = .null
    case "true", "True", "TRUE": self = .bool(true)
    case "false", "False", "FALSE": self = .bool(false)
    default: self = Self.number(text) ?? .text(text)
    }
  }

  private static func number(_ text: String) -> YAMLScalar? {
    guard let first = text.utf8.first, isDigit(first) || "+-.".utf8.contains(first) else { return nil }
    let isSigned = text.hasPrefix("-") || text.hasPrefix("+")
    let unsigned = isSigned ? text.dropFirst() : text[...]
    if [".inf", ".Inf", ".INF"].contains(unsigned) || [".nan", ".NaN", ".NAN"].contains(text) {
      return .invalid("\(text) is no number that JSON can hold")
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8)] where unsigned.hasPrefix(prefix) && !isSigned {
      let digits = unsigned.dropFirst(2)
      guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.hexDigitValue.map { $0 < radix } ?? false }) else {
        return nil
      }
      return Int64(digits, radix: radix).map { .int($0) } ?? .invalid("\(text) is out of the range of 64 bits")
    }
    if !unsigned.isEmpty, unsigned.utf8.allSatisfy(isDigit) {
      if unsigned.count > 1, unsigned.hasPrefix("0") {
        return .invalid("\(text) begins with 0: write \"\(text)\" for text, 0o… for an octal number")
      }
      return Int64(text).map { .int($0) } ?? .invalid("\(text) is out of the range of 64 bits")
    }
    guard isFloat(unsigned) else { return nil }
    guard let value = Double(text.hasSuffix(".") ? text + "0" : text), value.isFinite else {
      return .invalid("\(text) is out of the range of a number")
    }
    return .double(value)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
  private static func isFloat(_ text: Substring) -> Bool {
    var rest = text.utf8[...]
    func digits() -> Int {
      let count = rest.prefix(while: isDigit).count
      rest = rest.dropFirst(count)
      return count
    }
    let whole = digits()
    var fraction = 0
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      fraction = digits()
    }
    guard whole + fraction > 0 else { return false }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
      guard digits() > 0 else { return false }
    }
    return rest.isEmpty
  }
}
