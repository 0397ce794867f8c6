/// The report as one page that loads nothing.
package struct HTMLReport: Sendable {
  /// Functions in the chart of the dearest.
  static let ranked = 12

  let report: AccountReport
  let words: ReportWords

  package init(_ report: AccountReport) {
    self.report = report
    words = ReportWords(report: report)
  }

  package var text: String {
    """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>\(Markup.escaped(words.title))</title>
    <style>\(HTMLReportStyle.css)</style>
    <header><h1>\(Markup.escaped(words.title))</h1><p>\(Markup.escaped(words.subtitle))</p></header>
    <main>
    \([tiles, findings, charts, recommendations, movers, functions, unknown].filter { !$0.isEmpty }.joined(separator: "\n"))
    </main>
    <footer>\(words.notes.map { "<p>\(Markup.escaped($0))</p>" }.joined())</footer>
    </html>

    """
  }

  private var tiles: String {
    let unknown = report.unknown.isEmpty ? "all of them measured" : "\(Figure.count(report.unknown.count)) unknown"
    var tiles = [
      tile("Cost a month", Money.text(report.cost.total), report.measured.isEmpty ? "nothing was measured" : "of 30 days"),
      tile(
        "Could be saved", Money.text(report.saving),
        report.saving > 0 ? "a month; \(words.surer)" : "a month", style: "good"),
      tile("Functions", Figure.count(report.functions.count), report.functions.isEmpty ? "in this region" : unknown),
    ]
    if let change = words.change {
      let parts = change.text.split(separator: " ", maxSplits: 1)
      tiles.append(
        tile("Since \(change.since)", String(parts[0]), parts.count > 1 ? String(parts[1].dropFirst().dropLast()) : ""))
    }
    return "<section class=\"tiles\">\(tiles.joined())</section>"
  }

  private func tile(_ name: String, _ value: String, _ note: String, style: String = "") -> String {
    "<div class=\"tile \(style)\"><h2>\(Markup.escaped(name))</h2><b>\(Markup.escaped(value))</b><small>\(Markup.escaped(note))</small></div>"
  }

  private var findings: String {
    guard !report.findings.isEmpty else { return "" }
    let items = report.findings.map { finding in
      let names = finding.functions.map { "<code>\(Markup.escaped($0))</code>" }
      let shown = names.prefix(8).joined(separator: " ")
      let more =
        names.count > 8
        ? " <details><summary>\(Figure.count(names.count - 8)) more</summary>\(names.dropFirst(8).joined(separator: " "))</details>"
        : ""
      let saving = finding.saving > 0 ? " Saves up to \(Markup.escaped(Money.text(finding.saving))) a month." : ""
      return "<li class=\"\(finding.severity.rawValue)\"><b>\(Markup.escaped(finding.title))</b> "
        + "<span>\(Markup.escaped(finding.detail))\(saving)</span>\(shown.isEmpty ? "" : "<div>\(shown)\(more)</div>")</li>"
    }
    return "<section><h2>Findings</h2><ul class=\"findings\">\(items.joined(separator: "\n"))</ul></section>"
  }

  private var charts: String {
    guard report.measured.contains(where: { ($0.cost?.total ?? 0) > 0 }) else { return "" }
    var figures = [
      figure("Cost by day", "without provisioned concurrency", daily.svg), figure("What it is spent on", "a month", shares.svg),
      figure("The dearest functions", "a month; green could be saved", ranking.svg),
    ]
    if report.trend.months.count > 1 {
      figures.append(figure("Month by month", "as each month's last run saw it; green could be saved", months.svg))
    }
    return "<section class=\"charts\">\(figures.joined(separator: "\n"))</section>"
  }

  private func figure(_ title: String, _ note: String, _ svg: String) -> String {
    "<figure><figcaption><b>\(title)</b> <small>\(note)</small></figcaption>\n\(svg)</figure>"
  }

  private var daily: ColumnChart {
    ColumnChart(
      label: "Cost by day",
      columns: report.dailyCost.enumerated().map { day, cost in
        let date = report.window.date(ofDay: day)
        return ColumnChart.Column(label: String(date.dropFirst(5)), title: "\(date): \(Money.text(cost))", value: cost)
      })
  }

  private var months: ColumnChart {
    ColumnChart(
      label: "Cost by month",
      columns: report.trend.months.map {
        ColumnChart.Column(
          label: $0.month, title: "\($0.month): \(Money.text($0.cost)), \(Money.text($0.saving)) of it could be saved",
          value: $0.cost, part: max($0.saving, 0))
      })
  }

  private var shares: ShareChart {
    ShareChart(label: "Cost by what is paid for", parts: words.parts.filter { $0.cost > 0 }.sorted { $0.cost > $1.cost })
  }

  private var ranking: RankChart {
    RankChart(
      label: "Cost by function",
      bars: report.measured.prefix(Self.ranked).map {
        RankChart.Bar(name: $0.function.name, cost: $0.cost?.total ?? 0, saving: $0.saving)
      }.filter { $0.cost > 0 })
  }
}
