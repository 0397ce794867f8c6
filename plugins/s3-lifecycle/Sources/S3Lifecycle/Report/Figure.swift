import Foundation

/// Numbers as people read them.
enum Figure {
  /// `1,234,567`
  static func count(_ value: Int) -> String {
    var digits = String(abs(value))
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// `1.2 GiB`
  static func bytes(_ value: Int64) -> String {
    var (amount, unit) = (Double(value), 0)
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
    while amount >= 1_024, unit + 1 < units.count { (amount, unit) = (amount / 1_024, unit + 1) }
    return unit == 0 ? "\(value) B" : String(format: amount < 10 ? "%.1f %@" : "%.0f %@", amount, units[unit])
  }

  /// `$12.34`; small amounts keep two digits that say something.
  static func dollars(_ value: Double) -> String {
    let amount = abs(value)
    let text =
      amount == 0 || amount >= 0.1
      ? String(format: "%.2f", amount) : amount < 0.000_05 ? "0.00" : String(format: "%.4f", amount)
    let isNothing = !text.contains { $0 != "0" && $0 != "." }
    return (value < 0 && !isNothing ? "-$" : "$") + text
  }

  static func percent(_ part: Int64, of whole: Int64) -> String {
    whole == 0 ? "–" : String(format: "%.0f %%", Double(part) / Double(whole) * 100)
  }
}
