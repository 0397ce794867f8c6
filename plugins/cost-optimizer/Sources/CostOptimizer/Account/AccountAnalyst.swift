/// Puts the functions' reports together. Pure.
package struct AccountAnalyst: Sendable {
  /// Of a month's cost: a change by more is spoken of.
  package static let notableGrowth = 0.2

  package let job: String
  package let region: String
  package let window: Window
  package let limits: Thresholds
  package let priceSource: String

  package init(job: String, region: String, window: Window, limits: Thresholds, priceSource: String) {
    self.job = job
    self.region = region
    self.window = window
    self.limits = limits
    self.priceSource = priceSource
  }

  /// `trend` of the earlier runs: this one is added to it. `earlierCosts`: by function, its cost by month.
  package func report(
    _ functions: [FunctionReport], trend: Trend, earlierCosts: [String: [String: Double]] = [:]
  ) -> AccountReport {
    let sorted = functions.sorted {
      let (left, right) = ($0.cost?.total ?? -1, $1.cost?.total ?? -1)
      return left == right ? $0.function.name < $1.function.name : left > right
    }
    let cost = sorted.compactMap(\.cost).reduce(MonthlyCost(), +)
    let month = Day.month(window.to)
    let before = trend.before(month)
    var trend = trend
    var report = AccountReport(
      job: job, region: region, account: sorted.lazy.compactMap(\.function.account).first, window: window,
      priceSource: priceSource, functions: sorted, cost: cost, saving: sorted.reduce(0) { $0 + $1.saving },
      surerSaving: sorted.reduce(0) { $0 + $1.surerSaving }, findings: [], trend: trend,
      movers: movers(sorted, earlierCosts, since: before?.month))
    // A run that saw nothing says nothing of the month.
    if sorted.isEmpty || !report.measured.isEmpty {
      trend.add(
        Trend.Month(
          month: month, cost: cost.total, saving: report.saving, functions: sorted.count, unknown: report.unknown.count))
    }
    report.trend = trend
    report.findings = findings(report, before: before)
    return report
  }

  private func movers(
    _ functions: [FunctionReport], _ earlier: [String: [String: Double]], since month: String?
  ) -> [AccountReport.Mover] {
    guard let month else { return [] }
    let all = functions.compactMap { report -> AccountReport.Mover? in
      guard let now = report.cost?.total else { return nil }
      let mover = AccountReport.Mover(
        function: report.function.name, before: earlier[report.function.name]?[month] ?? 0, now: now)
      return abs(mover.change) >= 0.01 ? mover : nil
    }
    return Array(all.sorted { abs($0.change) > abs($1.change) }.prefix(10))
  }

  private func findings(_ report: AccountReport, before: Trend.Month?) -> [Finding] {
    if report.functions.isEmpty {
      return [
        Finding(
          kind: .noFunctions, severity: .notice, title: "No functions",
          detail: "Lambda lists no function in \(region). If that surprises you, look at the region and the credentials.")
      ]
    }
    return [
      threshold(report), growth(report, before: before), unknown(report), overProvisioned(report), oldRuntimes(report),
      unused(report),
    ].compactMap(\.self)
  }

  private func threshold(_ report: AccountReport) -> Finding? {
    guard limits.accountCost.count == 2, report.cost.total > limits.accountCost[0] else { return nil }
    let isHigh = report.cost.total > limits.accountCost[1]
    let passed = Money.text(limits.accountCost[isHigh ? 1 : 0])
    return Finding(
      kind: .cost, severity: isHigh ? .alarm : .warning, title: "\(Money.text(report.cost.total)) a month, above \(passed)",
      detail: isHigh
        ? "At this size a Compute Savings Plan is worth comparing, beside the recommendations here."
        : "Worth a look at the dearest functions.")
  }

  private func growth(_ report: AccountReport, before: Trend.Month?) -> Finding? {
    guard let before, before.cost >= 1, !report.measured.isEmpty else { return nil }
    let change = report.cost.total / before.cost - 1
    guard abs(change) > Self.notableGrowth else { return nil }
    return Finding(
      kind: .growth, severity: change > 0 ? .warning : .notice,
      title: "\(Figure.percent(abs(change))) \(change > 0 ? "more" : "less") than in \(before.month)",
      detail: "\(Money.text(before.cost)) then, \(Money.text(report.cost.total)) now.",
      functions: report.movers.filter { ($0.change > 0) == (change > 0) }.prefix(5).map(\.function))
  }

  private func unknown(_ report: AccountReport) -> Finding? {
    guard !report.unknown.isEmpty else { return nil }
    return Finding(
      kind: .unknown, severity: .warning, title: "\(Self.functions(report.unknown.count)) unknown",
      detail: "Their figures could not be had, so their cost is missing from every total here.",
      functions: report.unknown.map(\.function.name))
  }

  private func unused(_ report: AccountReport) -> Finding? {
    let found = report.measured.filter { $0.recommendations.contains { $0.kind == .unused } }
    guard !found.isEmpty else { return nil }
    let saving = found.reduce(0) { $0 + ($1.cost?.total ?? 0) }
    return Finding(
      kind: .unused, severity: .notice, title: "\(Self.functions(found.count)) unused",
      detail:
        "Fewer than \(limits.unusedCalls) calls in \(window.days) days. What is not there cannot be attacked, and needs no new runtime.",
      functions: found.map(\.function.name), saving: saving)
  }

  private func overProvisioned(_ report: AccountReport) -> Finding? {
    let found = report.measured.compactMap { one -> (name: String, saving: Double)? in
      let saving = one.recommendations.filter { [.memory, .provisioned].contains($0.kind) && $0.saving > 0 }.reduce(0) {
        $0 + $1.saving
      }
      // They overlap: no more than all of them together.
      return saving > limits.overProvisioned ? (one.function.name, min(saving, one.saving)) : nil
    }.sorted { $0.saving > $1.saving }
    guard !found.isEmpty else { return nil }
    return Finding(
      kind: .overProvisioned, severity: .warning, title: "\(Self.functions(found.count)) over-provisioned",
      detail:
        "Memory or provisioned concurrency that is paid for and not needed, more than \(Money.text(limits.overProvisioned)) a month each.",
      functions: found.map(\.name), saving: found.reduce(0) { $0 + $1.saving })
  }

  private func oldRuntimes(_ report: AccountReport) -> Finding? {
    let found = report.functions.filter { one in
      one.function.runtime.flatMap { Runtimes.daysLeft(of: $0, at: window.to) }.map { $0 < 0 } == true
    }
    guard !found.isEmpty else { return nil }
    let runtimes = Set(found.compactMap(\.function.runtime)).sorted().joined(separator: ", ")
    return Finding(
      kind: .oldRuntimes, severity: .warning, title: "\(Self.functions(found.count)) on runtimes out of support",
      detail: "\(runtimes): no more security patches, and one day no more changes.", functions: found.map(\.function.name))
  }

  private static func functions(_ count: Int) -> String { count == 1 ? "1 function" : "\(Figure.count(count)) functions" }
}
