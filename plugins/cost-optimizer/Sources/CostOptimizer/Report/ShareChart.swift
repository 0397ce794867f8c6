/// What the money is spent on: one bar, cut up, with its legend.
struct ShareChart {
  let label: String
  /// Largest first; at most four.
  let parts: [(name: String, cost: Double)]

  private let width = 560.0

  var svg: String {
    let total = parts.reduce(0) { $0 + $1.cost }
    var drawn: [String] = []
    var x = 0.0
    for (index, part) in parts.enumerated() where total > 0 {
      let length = part.cost / total * width
      drawn.append(
        Markup.rect(
          x, 4, max(length - (index < parts.count - 1 ? 1.5 : 0), 0.8), 30, style: "part\(index)",
          title: "\(part.name): \(Money.text(part.cost))"))
      x += length
    }
    for (index, part) in parts.enumerated() {
      let y = 62 + Double(index) * 26
      drawn.append(Markup.rect(0, y - 11, 13, 13, style: "part\(index)"))
      drawn.append(Markup.text(22, y, part.name, style: "name"))
      drawn.append(Markup.text(width - 70, y, Money.text(part.cost), anchor: "end", style: "figure"))
      drawn.append(Markup.text(width, y, total > 0 ? Figure.percent(part.cost / total) : "–", anchor: "end"))
    }
    return Markup.svg(width: width, height: 50 + Double(parts.count) * 26, label: label, drawn)
  }
}
