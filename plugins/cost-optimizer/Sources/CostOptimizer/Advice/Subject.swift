/// One function, and all that is known of it: what rules judge.
package struct Subject: Sendable {
  package let function: FunctionFacts
  package let usage: Usage
  package let window: Window
  package let model: CostModel
  package let duration: DurationModel
  package let limits: Thresholds
  package let workload: Workload

  /// How many times longer runs may become by what was advised before; 1 when nothing was.
  package var slowdown = 1.0

  package init(
    _ function: FunctionFacts, _ usage: Usage, _ window: Window, model: CostModel, duration: DurationModel, limits: Thresholds
  ) {
    self.function = function
    self.usage = usage
    self.window = window
    self.model = model
    self.duration = duration
    self.limits = limits
    workload = Workload(function, usage, window)
  }

  package func saving(_ effect: Effect) -> Double { model.saving(from: workload, to: effect.applied(to: workload)) }

  /// How much the longest and the mean run can be relied on: by the number of runs and the days seen.
  package var confidence: Recommendation.Confidence {
    if usage.samples >= 1_000 && usage.daysSinceFirstCall >= 14 { return .high }
    return usage.samples >= 100 && usage.daysSinceFirstCall >= 3 ? .medium : .low
  }

  package var isUnused: Bool { usage.invocations < Double(limits.unusedCalls) }
}

/// One kind of advice. Pure; the order in which rules are asked is the advisor's.
package protocol Rule: Sendable {
  /// `nil` when there is nothing to say.
  func advice(on subject: Subject) -> Advice?
}
