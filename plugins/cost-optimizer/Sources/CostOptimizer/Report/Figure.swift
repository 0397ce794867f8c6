/// Numbers as people read them.
package enum Figure {
  /// `1,234,567`, rounded.
  package static func count(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "–" }
    return count(Int(value.rounded()))
  }

  package static func count(_ value: Int) -> String {
    var digits = Array(String(value.magnitude))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return (value < 0 ? "−" : "") + String(digits)
  }

  /// `12.3`
  package static func tenths(_ value: Double) -> String { fixed(value, places: 1) }

  /// `12.3 %` of a share from 0 to 1; small ones are not rounded to nothing.
  package static func percent(_ share: Double) -> String {
    let value = share * 100
    if value > 0 && value < 0.1 { return "<0.1 %" }
    let text = tenths(value)
    return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + " %"
  }

  /// `340 ms`, `12.4 s`.
  package static func milliseconds(_ value: Double) -> String {
    if value < 9.95 { return tenths(value) + " ms" }
    return value < 9_995 ? count(value) + " ms" : tenths(value / 1_000) + " s"
  }

  /// With so many places after the point, rounded half away from zero.
  package static func fixed(_ value: Double, places: Int) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "–" }
    var unit = 1
    for _ in 0..<places { unit *= 10 }
    let scaled = Int((abs(value) * Double(unit)).rounded())
    let rest = String(scaled % unit)
    let text = count(scaled / unit) + (places > 0 ? "." + String(repeating: "0", count: places - rest.count) + rest : "")
    return value < 0 && scaled > 0 ? "−" + text : text
  }
}

/// US dollars as people read them.
package enum Money {
  /// `$1,234.56`, `−$0.30`; `<$0.01` for what is not nothing.
  package static func text(_ dollars: Double) -> String {
    if dollars != 0 && abs(dollars) < 0.005 { return dollars > 0 ? "<$0.01" : ">−$0.01" }
    return (dollars < 0 ? "−$" : "$") + Figure.fixed(abs(dollars), places: 2)
  }
}
