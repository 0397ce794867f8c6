import Testing

@testable import CostOptimizer

@Suite struct AccountTests {
  private let analyst = AccountAnalyst(
    job: "costs", region: "us-east-1", window: Fixture.window, limits: Thresholds(), priceSource: "list prices")

  private func function(_ name: String, cost: Double, saving: Double = 0, kind: Recommendation.Kind = .memory) -> FunctionReport
  {
    var report = FunctionReport(function: FunctionFacts(name: name), state: .measured, usage: Fixture.usage())
    report.cost = MonthlyCost(requests: 0, compute: cost, ephemeral: 0, provisioned: 0)
    report.dailyCost = Fixture.repeated(cost / 30, 30)
    (report.saving, report.surerSaving) = (saving, saving)
    if saving != 0 {
      report.recommendations = [
        Recommendation(kind: kind, action: "do it", saving: saving, confidence: .medium, reason: "because")
      ]
    }
    return report
  }

  @Test func noFunctions() {
    let report = analyst.report([], trend: Trend())
    #expect(report.cost.total == 0 && report.findings.map(\.kind) == [.noFunctions] && report.account == nil)
    #expect(report.trend.months.map(\.cost) == [0] && report.dailyCost == Fixture.repeated(0, 30))
  }

  @Test func unknownOnesAreInNoTotal() {
    let report = analyst.report([.unknown(FunctionFacts(name: "a"), "no answer"), function("b", cost: 7)], trend: Trend())
    #expect(report.cost.total == 7 && report.functions.map(\.function.name) == ["b", "a"])
    #expect(report.findings.map(\.kind) == [.unknown] && report.findings[0].functions == ["a"])
    #expect(report.trend.months == [Trend.Month(month: "2023-11", cost: 7, saving: 0, functions: 2, unknown: 1)])
  }

  @Test func aRunThatMeasuredNothingIsNoMonth() {
    #expect(analyst.report([.unknown(FunctionFacts(name: "a"), "no answer")], trend: Trend()).trend.months.isEmpty)
  }

  @Test(arguments: [
    (99.99, nil as Finding.Severity?), (100, nil), (100.01, .warning), (1_000, .warning), (1_000.01, .alarm),
  ])
  func thresholds(_ cost: Double, _ severity: Finding.Severity?) {
    #expect(
      analyst.report([function("a", cost: cost)], trend: Trend()).findings.first { $0.kind == .cost }?.severity == severity)
  }

  @Test func overProvisionedAboveFiveDollars() {
    let report = analyst.report(
      [
        function("a", cost: 20, saving: 5), function("b", cost: 20, saving: 6),
        function("c", cost: 20, saving: 9, kind: .provisioned),
        function("d", cost: 20, saving: 9, kind: .architecture),
      ], trend: Trend())
    let found = report.findings.first { $0.kind == .overProvisioned }
    #expect(found?.functions == ["c", "b"] && found?.saving == 15)
  }

  @Test func unusedOnesAreListed() {
    let found = analyst.report([function("a", cost: 2, saving: 2, kind: .unused)], trend: Trend()).findings.first
    #expect(found?.kind == .unused && found?.functions == ["a"] && found?.saving == 2)
  }

  @Test func growthIsToldWithItsCauses() throws {
    var trend = Trend()
    trend.add(Trend.Month(month: "2023-09", cost: 10, saving: 1, functions: 2, unknown: 0))
    trend.add(Trend.Month(month: "2023-10", cost: 20, saving: 1, functions: 2, unknown: 0))
    let report = analyst.report(
      [function("a", cost: 15), function("b", cost: 12), function("new", cost: 3)], trend: trend,
      earlierCosts: ["a": ["2023-10": 5, "2023-09": 1], "b": ["2023-10": 15]])
    #expect(report.movers.map(\.function) == ["a", "b", "new"] && report.movers.map(\.change) == [10, -3, 3])
    let growth = try #require(report.findings.first { $0.kind == .growth })
    #expect(growth.title == "50 % more than in 2023-10" && growth.functions == ["a", "new"])
    #expect(report.trend.months.map(\.month) == ["2023-09", "2023-10", "2023-11"])
    // The month's second run takes the first one's place, and is compared with the month before.
    let again = analyst.report([function("a", cost: 21)], trend: report.trend)
    #expect(again.trend.months.map(\.cost) == [10, 20, 21] && again.findings.first { $0.kind == .growth } == nil)
  }

  @Test func theTrendIsBounded() {
    var trend = Trend()
    for year in 2015...2023 {
      for month in 10...12 { trend.add(Trend.Month(month: "\(year)-\(month)", cost: 1, saving: 0, functions: 1, unknown: 0)) }
      for month in 1...9 { trend.add(Trend.Month(month: "\(year)-0\(month)", cost: 1, saving: 0, functions: 1, unknown: 0)) }
    }
    #expect(
      trend.months.count == Trend.monthsKept && trend.months.first?.month == "2021-01" && trend.months.last?.month == "2023-12")
  }
}

@Suite struct HistoryTests {
  private func report(memoryMB: Int, samples: Double = 1_000, cost: Double = 1) -> FunctionReport {
    var report = FunctionReport(
      function: FunctionFacts(name: "f", memoryMB: memoryMB), state: .measured, usage: Fixture.usage(calls: samples))
    report.cost = MonthlyCost(requests: cost, compute: 0, ephemeral: 0, provisioned: 0)
    return report
  }

  @Test func sizesAndCostsAreKept() {
    var history = History()
    history.add(report(memoryMB: 512), month: "2023-10")
    history.add(report(memoryMB: 1_024), month: "2023-11")
    history.add(report(memoryMB: 512, cost: 3), month: "2023-11")
    history.add(report(memoryMB: 256, samples: 5), month: "2023-11")
    #expect(history["f"].sizes.map(\.memoryMB) == [1_024, 512] && history["f"].costs == ["2023-10": 1, "2023-11": 1])
    history.add(.unknown(FunctionFacts(name: "f"), "?"), month: "2023-12")
    #expect(history["f"].sizes.count == 2)
    for month in ["2023-12", "2024-01"] { history.add(report(memoryMB: 512), month: month) }
    #expect(history["f"].costs.keys.sorted() == ["2023-11", "2023-12", "2024-01"])
    history.keep(only: [])
    #expect(history.functions.isEmpty)
  }

  @Test func aShardHoldsALargeAccountsPart() throws {
    // Names as long as Lambda allows, all that is kept of each: 20,000 functions over 32 shards.
    var shards = [Int](repeating: 0, count: History.shards)
    for number in 0..<20_000 { shards[History.shard(of: "function-\(number)")] += 1 }
    #expect(shards.allSatisfy { (400...850).contains($0) })
  }
}
