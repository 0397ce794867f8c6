/// The report as text, for mails, tickets and diffs.
package struct MarkdownReport: Sendable {
  private let report: AccountReport
  private let words: ReportWords

  package init(_ report: AccountReport) {
    self.report = report
    words = ReportWords(report: report)
  }

  package var text: String {
    let blocks = [
      "# \(words.title)", words.subtitle.markdown, summary, findings, recommendations, functions, unknown, trend, movers,
      "## About these figures", words.notes.map { "- \($0.markdown)" }.joined(separator: "\n"),
    ]
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private var summary: String {
    var rows = [
      ["Cost a month", Money.text(report.cost.total)], ["Could be saved", words.saving],
      ["at medium or high confidence", Money.text(report.surerSaving)],
      ["Functions", Figure.count(report.functions.count)],
    ]
    if let change = words.change { rows.insert(["Since \(change.since)", change.text], at: 1) }
    if !report.unknown.isEmpty { rows.append(["of these unknown", Figure.count(report.unknown.count)]) }
    rows += words.parts.filter { $0.cost > 0 }.map { ["for \($0.name)", Money.text($0.cost)] }
    return Self.table(["", ""], rows, numbersFrom: 1)
  }

  private var findings: String {
    guard !report.findings.isEmpty else { return "" }
    let lines = report.findings.map { finding in
      let names = finding.functions.prefix(10).map { "`\($0)`" }.joined(separator: ", ")
      let more = finding.functions.count > 10 ? " and \(Figure.count(finding.functions.count - 10)) more" : ""
      let saving = finding.saving > 0 ? " Saves up to \(Money.text(finding.saving)) a month." : ""
      return "- **\(finding.title.markdown)** (\(finding.severity.rawValue)): \(finding.detail.markdown)\(saving)"
        + (names.isEmpty ? "" : " \(names)\(more)")
    }
    return "## Findings\n\n" + lines.joined(separator: "\n")
  }

  private var recommendations: String {
    let all = words.recommendations
    guard !all.isEmpty else {
      return report.measured.isEmpty ? "" : "## Recommendations\n\nNone: nothing stands out."
    }
    let rows = all.prefix(ReportWords.maxRecommendations).map {
      [$0.function, $0.advice.action, ReportWords.saving($0.advice), $0.advice.confidence.rawValue, $0.advice.reason]
    }
    return "## Recommendations\n\n"
      + Self.table(["Function", "What", "Saves a month", "Confidence", "Why"], Array(rows), numbersFrom: nil)
      + Self.rest(all.count - rows.count)
  }

  private var functions: String {
    guard !report.measured.isEmpty else { return "" }
    let rows = report.measured.prefix(ReportWords.maxFunctions).map(ReportWords.row)
    return "## Functions\n\n" + Self.table(ReportWords.columns, Array(rows), numbersFrom: ReportWords.firstNumber)
      + Self.rest(report.measured.count - rows.count)
  }

  private var unknown: String {
    guard !report.unknown.isEmpty else { return "" }
    let rows = report.unknown.prefix(ReportWords.maxFunctions).map { [$0.function.name, $0.reason ?? ""] }
    return "## Unknown\n\n" + Self.table(["Function", "Why"], Array(rows), numbersFrom: nil)
      + Self.rest(report.unknown.count - rows.count)
  }

  private var trend: String {
    guard report.trend.months.count > 1 else { return "" }
    let rows = report.trend.months.map {
      [$0.month, Money.text($0.cost), Money.text($0.saving), Figure.count($0.functions), Figure.count($0.unknown)]
    }
    return "## Month by month\n\n"
      + Self.table(["Month", "Cost", "Could be saved", "Functions", "Unknown"], rows, numbersFrom: 1)
  }

  private var movers: String {
    guard !report.movers.isEmpty, let change = words.change else { return "" }
    let rows = report.movers.map { [$0.function, Money.text($0.before), Money.text($0.now), Money.text($0.change)] }
    return "## What changed since \(change.since)\n\n"
      + Self.table(["Function", "Then", "Now", "Change"], rows, numbersFrom: 1)
  }

  private static func rest(_ count: Int) -> String {
    count > 0 ? "\n\n\(Figure.count(count)) more are in `cost-report.json`." : ""
  }

  private static func table(_ head: [String], _ rows: [[String]], numbersFrom: Int?) -> String {
    let marks = head.indices.map { column in numbersFrom.map { column >= $0 } == true ? "---:" : "---" }
    return ([head, marks] + rows.map { $0.map(\.markdown) }).map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }
}

extension String {
  /// Text that Markdown shows as it stands, also within a table.
  fileprivate var markdown: String {
    var text = ""
    for character in self {
      switch character {
      case "|", "*", "_", "`", "[", "]", "<", "\\": text += "\\\(character)"
      case "\n", "\r", "\r\n": text += " "
      default: text.append(character)
      }
    }
    return text
  }
}
