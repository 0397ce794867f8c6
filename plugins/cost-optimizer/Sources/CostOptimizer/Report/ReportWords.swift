/// Sentences that the Markdown and the HTML report share.
struct ReportWords {
  let report: AccountReport

  /// How many rows tables hold; the JSON report has all of them.
  static let maxRecommendations = 200
  static let maxFunctions = 500

  var title: String { "Lambda costs in \(report.region)" }

  var subtitle: String {
    let account = report.account.map { "account \($0) · " } ?? ""
    let first = Day.text(report.window.from)
    let last = Day.text(report.window.to)
    return
      "\(account)\(first) to \(last), \(report.window.days == 1 ? "1 day" : "\(report.window.days) days") · job \(report.job)"
  }

  /// `$12.30 (24.6 %)`
  var saving: String {
    let share = report.cost.total > 0 ? " (\(Figure.percent(report.saving / report.cost.total)))" : ""
    return Money.text(report.saving) + share
  }

  /// Of the saving, what does not stand on assumptions alone; empty where there is nothing to save.
  var surer: String { report.saving > 0 ? "\(Money.text(report.surerSaving)) of it at medium or high confidence" : "" }

  /// Since the month before; `nil` for the first.
  var change: (text: String, since: String)? {
    guard let before = report.trend.before(report.month) else { return nil }
    let difference = report.cost.total - before.cost
    let sign = difference > 0 ? "+" : ""
    let share = before.cost > 0 ? " (\(sign)\(Figure.percent(difference / before.cost)))" : ""
    return (sign + Money.text(difference) + share, before.month)
  }

  var parts: [(name: String, cost: Double)] {
    [
      ("compute", report.cost.compute), ("requests", report.cost.requests),
      ("provisioned concurrency", report.cost.provisioned), ("storage above 512 MB", report.cost.ephemeral),
    ]
  }

  /// Every recommendation with its function, the largest saving first, then the surest.
  var recommendations: [(function: String, advice: Recommendation)] {
    report.functions.flatMap { one in one.recommendations.map { (one.function.name, $0) } }
      .sorted {
        if $0.1.saving != $1.1.saving { return $0.1.saving > $1.1.saving }
        if $0.1.confidence != $1.1.confidence { return $0.1.confidence > $1.1.confidence }
        return $0.0 < $1.0
      }
  }

  /// `$3.00` with its bounds where there are any; `–` for what saves nothing.
  static func saving(_ advice: Recommendation) -> String {
    guard advice.saving != 0 else { return "–" }
    guard let least = advice.savingAtLeast, let most = advice.savingAtMost else { return Money.text(advice.saving) }
    return "\(Money.text(advice.saving)) (\(Money.text(least)) to \(Money.text(most)))"
  }

  static func row(_ function: FunctionReport) -> [String] {
    let usage = function.usage ?? Usage()
    let facts = function.function
    return [
      facts.name, facts.runtime ?? (facts.isImage ? "image" : "–"), facts.architecture.rawValue,
      "\(Figure.count(facts.memoryMB)) MB", "\(Figure.count(facts.timeoutSeconds)) s", Figure.count(usage.invocations),
      usage.errors > 0 ? Figure.percent(usage.errorRate) : "0", usage.meanMs.map(Figure.milliseconds) ?? "–",
      usage.p95Ms.map(Figure.milliseconds) ?? "–", usage.longestMs.map(Figure.milliseconds) ?? "–",
      Money.text(function.cost?.total ?? 0), function.saving == 0 ? "–" : Money.text(function.saving),
    ]
  }

  static let columns = [
    "Function", "Runtime", "Processor", "Memory", "Timeout", "Calls", "Errors", "Mean", "p95", "Longest",
    "Cost a month",
    "Saving",
  ]

  /// From this column on they are numbers.
  static let firstNumber = 3

  var notes: [String] {
    [
      "Prices: \(report.priceSource).",
      "A month has 30 days; what was seen in \(report.window.days == 1 ? "1 day" : "\(report.window.days) days") is scaled to that. The bill rounds every run up to the next "
        + "millisecond; metrics do not, so short runs cost a little more than is shown.",
      "The p95 of a function is that of its worst day.",
      "A function's saving is that of all its recommendations together, which is less than their sum. The bounds beneath a saving are those of what was assumed.",
    ]
  }
}
