/// Makes a report of a function out of its metrics. Pure.
package struct Analyst: Sendable {
  private let model: CostModel
  private let limits: Thresholds
  private let window: Window
  private let advisor: Advisor

  package init(prices: Prices, limits: Thresholds, window: Window) {
    model = CostModel(prices)
    self.limits = limits
    self.window = window
    advisor = Advisor(now: window.to)
  }

  /// `earlier`: what former runs saw of the function at the sizes it had. `provisioned`: `nil` where there is none.
  package func report(
    on function: FunctionFacts, _ metrics: FunctionMetrics, provisioned: ProvisionedUsage? = nil,
    earlier: [DurationModel.Observation] = []
  ) -> FunctionReport {
    if let gap = metrics.gap { return .unknown(function, gap) }
    var usage = Usage(metrics, window)
    usage.provisioned = provisioned
    var report = FunctionReport(function: function, state: .measured, usage: usage)
    let known = earlier.filter { $0.memoryMB != function.memoryMB } + [report.observation].compactMap(\.self)
    let subject = Subject(function, usage, window, model: model, duration: DurationModel(known), limits: limits)
    report.cost = model.cost(of: subject.workload)
    report.dailyCost = dailyCost(metrics, subject.workload)
    let verdict = advisor.verdict(on: subject)
    report.recommendations = verdict.recommendations
    (report.saving, report.surerSaving) = (verdict.saving, verdict.surerSaving)
    return report
  }

  private func dailyCost(_ metrics: FunctionMetrics, _ work: Workload) -> [Double] {
    zip(metrics.daily(.invocations, window), metrics.daily(.durationSum, window)).map { calls, milliseconds in
      var day = work
      (day.requests, day.seconds, day.provisionedUnits) = (calls, milliseconds / 1_000, 0)
      return model.cost(of: day).total
    }
  }
}
