/// What an analysis found of one function. The output of an item.
package struct FunctionReport: Codable, Hashable, Sendable {
  package enum State: String, Codable, Hashable, Sendable {
    case measured
    /// Its figures could not be had: nothing is said of its cost, and not that it costs nothing.
    case unknown
  }

  package var function: FunctionFacts
  package var state: State
  /// Why it is unknown.
  package var reason: String?
  package var usage: Usage?
  package var cost: MonthlyCost?
  /// US dollars on each day of the window, oldest first, provisioned concurrency left out.
  package var dailyCost: [Double] = []
  package var recommendations: [Recommendation] = []
  /// US dollars a month that all recommendations together save.
  package var saving = 0.0
  /// The same of those with medium or high confidence.
  package var surerSaving = 0.0

  package static func unknown(_ function: FunctionFacts, _ reason: String) -> FunctionReport {
    FunctionReport(function: function, state: .unknown, reason: reason)
  }

  /// The size it has and the mean at that size; `nil` where nothing ran.
  package var observation: DurationModel.Observation? {
    guard let usage, let mean = usage.meanMs, mean > 0 else { return nil }
    return DurationModel.Observation(memoryMB: function.memoryMB, meanMs: mean, samples: usage.samples)
  }
}
