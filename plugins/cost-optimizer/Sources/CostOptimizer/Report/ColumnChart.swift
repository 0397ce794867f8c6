/// Columns over time: a day each, or a month.
struct ColumnChart {
  struct Column {
    /// Under the axis, for some of them.
    var label: String
    /// On hovering.
    var title: String
    var value: Double
    /// Drawn in the saving's colour, from below; part of `value`.
    var part = 0.0
  }

  let label: String
  let columns: [Column]

  private let width = 560.0
  private let height = 220.0
  private let left = 52.0
  private let bottom = 26.0
  private let above = 10.0

  var svg: String {
    let scale = Scale(upTo: columns.map(\.value).max() ?? 0)
    let plot = height - bottom - above
    func y(_ value: Double) -> Double { above + plot * (1 - scale.share(value)) }
    var parts = scale.marks.flatMap { mark in
      [
        Markup.line(left, y(mark), width, y(mark)),
        Markup.text(left - 6, y(mark) + 3.5, scale.label(mark), anchor: "end"),
      ]
    }
    let step = (width - left) / Double(max(columns.count, 1))
    let thickness = min(step * 0.72, 44)
    let every = max(1, Int((70 / step).rounded(.up)))
    for (index, column) in columns.enumerated() {
      let x = left + step * (Double(index) + 0.5)
      parts.append(
        Markup.rect(x - thickness / 2, y(column.value), thickness, y(0) - y(column.value), style: "cost", title: column.title))
      if column.part > 0 {
        parts.append(
          Markup.rect(x - thickness / 2, y(column.part), thickness, y(0) - y(column.part), style: "saving", title: column.title)
        )
      }
      // From the newest backwards, so that it is always named.
      if (columns.count - 1 - index) % every == 0 {
        let isLast = index == columns.count - 1 && columns.count > 1 && step < 60
        parts.append(
          Markup.text(isLast ? width : x, height - 8, column.label, anchor: isLast ? "end" : "middle"))
      }
    }
    return Markup.svg(width: width, height: height, label: label, parts)
  }
}
