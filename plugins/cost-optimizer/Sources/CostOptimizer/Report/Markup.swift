/// Pieces of HTML and SVG.
enum Markup {
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// A coordinate, to a tenth.
  static func at(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }

  static func text(_ x: Double, _ y: Double, _ content: String, anchor: String = "start", style: String = "label") -> String {
    "<text class=\"\(style)\" x=\"\(at(x))\" y=\"\(at(y))\" text-anchor=\"\(anchor)\">\(escaped(content))</text>"
  }

  static func rect(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, style: String, title: String = ""
  ) -> String {
    let tip = title.isEmpty ? "" : "<title>\(escaped(title))</title>"
    return
      "<rect class=\"\(style)\" x=\"\(at(x))\" y=\"\(at(y))\" width=\"\(at(max(width, 0)))\" height=\"\(at(max(height, 0)))\">\(tip)</rect>"
  }

  static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
    "<line class=\"grid\" x1=\"\(at(x1))\" y1=\"\(at(y1))\" x2=\"\(at(x2))\" y2=\"\(at(y2))\"/>"
  }

  static func svg(width: Double, height: Double, label: String, _ parts: [String]) -> String {
    "<svg viewBox=\"0 0 \(at(width)) \(at(height))\" role=\"img\" aria-label=\"\(escaped(label))\">\n"
      + parts.joined(separator: "\n") + "\n</svg>"
  }
}
