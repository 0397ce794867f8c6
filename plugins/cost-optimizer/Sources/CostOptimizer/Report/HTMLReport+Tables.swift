extension HTMLReport {
  var recommendations: String {
    let all = words.recommendations
    guard !all.isEmpty else {
      return report.measured.isEmpty ? "" : "<section><h2>Recommendations</h2><p>None: nothing stands out.</p></section>"
    }
    let rows = all.prefix(ReportWords.maxRecommendations).map { function, advice in
      let bounds =
        advice.savingAtLeast.flatMap { least in
          advice.savingAtMost.map { "<small>\(Markup.escaped("\(Money.text(least)) to \(Money.text($0))"))</small>" }
        } ?? ""
      let saving = advice.saving == 0 ? "–" : Markup.escaped(Money.text(advice.saving))
      return "<tr><td class=\"name\">\(Markup.escaped(function))</td><td>\(Markup.escaped(advice.action))</td>"
        + "<td class=\"number\">\(saving)\(bounds)</td><td><i class=\"\(advice.confidence.rawValue)\">\(advice.confidence.rawValue)</i></td>"
        + "<td class=\"why\">\(Markup.escaped(advice.reason))</td></tr>"
    }
    let head = "<tr><th>Function</th><th>What</th><th class=\"number\">Saves a month</th><th>Confidence</th><th>Why</th></tr>"
    return section("Recommendations", head, rows, of: all.count)
  }

  var functions: String {
    guard !report.measured.isEmpty else { return "" }
    func cells(_ values: [String], _ tag: String) -> String {
      "<tr>"
        + values.enumerated().map { column, value in
          let style = column == 0 ? " class=\"name\"" : column >= ReportWords.firstNumber ? " class=\"number\"" : ""
          return "<\(tag)\(style)>\(Markup.escaped(value))</\(tag)>"
        }.joined() + "</tr>"
    }
    let rows = report.measured.prefix(ReportWords.maxFunctions).map { cells(ReportWords.row($0), "td") }
    return section("Functions", cells(ReportWords.columns, "th"), rows, of: report.measured.count)
  }

  var unknown: String {
    guard !report.unknown.isEmpty else { return "" }
    let rows = report.unknown.prefix(ReportWords.maxFunctions).map {
      "<tr><td class=\"name\">\(Markup.escaped($0.function.name))</td><td class=\"why\">\(Markup.escaped($0.reason ?? ""))</td></tr>"
    }
    return section("Unknown", "<tr><th>Function</th><th>Why</th></tr>", rows, of: report.unknown.count)
  }

  var movers: String {
    guard !report.movers.isEmpty, let change = words.change else { return "" }
    let rows = report.movers.map { mover in
      let figures = [Money.text(mover.before), Money.text(mover.now), (mover.change > 0 ? "+" : "") + Money.text(mover.change)]
      return "<tr><td class=\"name\">\(Markup.escaped(mover.function))</td>"
        + figures.map { "<td class=\"number\">\(Markup.escaped($0))</td>" }.joined() + "</tr>"
    }
    let head =
      "<tr><th>Function</th><th class=\"number\">Then</th><th class=\"number\">Now</th><th class=\"number\">Change</th></tr>"
    return section("What changed since \(change.since)", head, rows, of: rows.count, style: "narrow")
  }

  private func section(_ title: String, _ head: String, _ rows: [String], of count: Int, style: String = "") -> String {
    let rest = count > rows.count ? "<p>\(Figure.count(count - rows.count)) more are in cost-report.json.</p>" : ""
    return "<section><h2>\(Markup.escaped(title))</h2><div class=\"table \(style)\"><table><thead>\(head)</thead><tbody>\n"
      + rows.joined(separator: "\n") + "\n</tbody></table></div>\(rest)</section>"
  }
}
