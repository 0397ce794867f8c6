/// The dearest functions as bars, with what of each could be saved.
struct RankChart {
  struct Bar {
    var name: String
    var cost: Double
    var saving: Double
  }

  let label: String
  let bars: [Bar]

  private let width = 560.0
  private let row = 26.0
  private let names = 190.0
  private let figures = 76.0

  var svg: String {
    let scale = bars.map(\.cost).max() ?? 0
    let room = width - names - figures
    var parts: [String] = []
    for (index, bar) in bars.enumerated() {
      let y = Double(index) * row + 4
      let length = scale > 0 ? bar.cost / scale * room : 0
      let saved = scale > 0 ? min(max(bar.saving, 0), bar.cost) / scale * room : 0
      let title = "\(bar.name): \(Money.text(bar.cost)) a month, \(Money.text(bar.saving)) of it could be saved"
      parts.append(Markup.text(names - 8, y + 13, Self.shortened(bar.name), anchor: "end", style: "name"))
      parts.append(Markup.rect(names, y, max(length, 1), row - 8, style: "cost", title: title))
      if saved > 0 { parts.append(Markup.rect(names + length - saved, y, saved, row - 8, style: "saving", title: title)) }
      parts.append(Markup.text(names + length + 6, y + 13, Money.text(bar.cost), style: "figure"))
    }
    return Markup.svg(width: width, height: Double(max(bars.count, 1)) * row + 6, label: label, parts)
  }

  /// What fits: the beginning and the end, as names often differ in both.
  private static func shortened(_ name: String) -> String {
    name.count <= 27 ? name : "\(name.prefix(14))…\(name.suffix(12))"
  }
}
