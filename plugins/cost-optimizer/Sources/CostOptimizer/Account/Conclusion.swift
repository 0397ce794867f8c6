import CarillonPlugin

/// The end of an analysis: reads the items' outputs, keeps what the next runs want to know, leaves the artifacts.
struct Conclusion {
  /// The run's own report: the figures that `carillon run show` prints.
  private struct Short: Encodable {
    var functions: Int
    var unknown: Int
    var monthlyCost: Double
    var monthlySaving: Double
    /// One text, as lists are only counted there.
    var findings: String
  }

  let analyst: AccountAnalyst
  let history: HistoryStore

  func draw(_ summary: RunSummary) async throws {
    let run = summary.run
    var reports: [FunctionReport] = []
    for try await result in summary.results {
      if let report = try report(of: result) { reports.append(report) }
    }
    var costs: [String: [String: Double]] = [:]
    for report in reports { costs[report.function.name] = try history.entry(report.function.name, run).costs }
    let report = analyst.report(reports, trend: try history.trend(run), earlierCosts: costs)
    try await summary.report(
      Short(
        functions: reports.count, unknown: report.unknown.count, monthlyCost: Self.cents(report.cost.total),
        monthlySaving: Self.cents(report.saving), findings: report.findings.map(\.title).joined(separator: "; ")))
    guard !run.isPlan else { return }
    try leave(report, run)
    try remember(report, run)
  }

  /// `nil` for a function that is gone.
  private func report(of result: RunResult) throws -> FunctionReport? {
    if let report = try result.output(as: FunctionReport.self) { return report }
    guard result.kind == .failed, case .function(let function) = try CostItem(payload: result.payload) else { return nil }
    return .unknown(function, result.reason)
  }

  private func leave(_ report: AccountReport, _ run: RunContext) throws {
    try run.putArtifact("cost-report.md", mediaType: "text/markdown; charset=utf-8", text: MarkdownReport(report).text)
    try run.putArtifact("cost-report.html", mediaType: "text/html; charset=utf-8", text: HTMLReport(report).text)
    try run.putArtifact("cost-report.json", mediaType: "application/json", content: try JSONReport.bytes(report))
    try run.putArtifact("plan.json", mediaType: "application/json", content: try ChangePlan(report).file())
  }

  private func remember(_ report: AccountReport, _ run: RunContext) throws {
    var shards: [Int: [FunctionReport]] = [:]
    for one in report.functions { shards[History.shard(of: one.function.name), default: []].append(one) }
    for shard in 0..<History.shards {
      let before = try history.history(shard, run)
      var after = before
      for one in shards[shard] ?? [] { after.add(one, month: report.month) }
      after.keep(only: Set((shards[shard] ?? []).map(\.function.name)))
      if after != before { try history.keep(after, shard: shard, run) }
    }
    try history.keep(report.trend, run)
  }

  private static func cents(_ dollars: Double) -> Double { (dollars * 100).rounded() / 100 }
}
