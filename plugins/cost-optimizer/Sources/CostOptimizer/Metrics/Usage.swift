/// What a function did in the window, in totals.
package struct Usage: Codable, Hashable, Sendable {
  package var invocations = 0.0
  package var errors = 0.0
  package var throttles = 0.0
  /// Runs whose duration is known: the weight of the mean.
  package var samples = 0.0
  /// Milliseconds of all runs.
  package var durationMs = 0.0
  package var longestMs: Double?
  /// The highest of the days' 95th percentiles: those of days cannot be joined to one of the whole window.
  package var p95Ms: Double?
  package var peakConcurrency: Double?
  /// MB at most, where Lambda Insights measures it.
  package var usedMemoryMB: Double?
  /// `nil` where none is provisioned.
  package var provisioned: ProvisionedUsage?
  /// Runs at once, on average, on the day of the window that had the least.
  package var leastDailyConcurrency = 0.0
  /// How many of the window's days, counted from its end, reach back to the first call; 0 without calls.
  package var daysSinceFirstCall = 0

  package init() {}

  package init(_ metrics: FunctionMetrics, _ window: Window) {
    invocations = metrics.sum(.invocations)
    errors = metrics.sum(.errors)
    throttles = metrics.sum(.throttles)
    samples = metrics.sum(.durationSamples)
    durationMs = metrics.sum(.durationSum)
    longestMs = metrics.maximum(.durationMaximum)
    p95Ms = metrics.maximum(.durationP95)
    peakConcurrency = metrics.maximum(.concurrency)
    usedMemoryMB = metrics.maximum(.usedMemory)
    let daySeconds = Double(Window.daySeconds)
    leastDailyConcurrency = (metrics.daily(.durationSum, window).min() ?? 0) / 1_000 / daySeconds
    let first = metrics.daily(.invocations, window).firstIndex { $0 > 0 }
    daysSinceFirstCall = first.map { window.days - $0 } ?? 0
  }

  /// The mean of all runs, so of all periods weighted by their samples; `nil` when nothing ran. The mean of the periods' means
  /// would let a quiet hour count as much as a busy one.
  package var meanMs: Double? { samples > 0 ? durationMs / samples : nil }

  /// 0 to 1; 0 without calls.
  package var errorRate: Double { invocations > 0 ? min(errors / invocations, 1) : 0 }

  /// Of the calls that came, those that were turned away. 0 to 1; 0 without any.
  package var throttleRate: Double { invocations + throttles > 0 ? throttles / (invocations + throttles) : 0 }
}

/// What became of provisioned concurrency in the window.
package struct ProvisionedUsage: Codable, Hashable, Sendable {
  /// Environments that are asked for now, over all aliases and versions.
  package var units: Int
  /// The most that were at work at once.
  package var peak: Double
  /// Calls that ran in one of them, and calls that came when all were taken.
  package var served: Double
  package var spilled: Double

  package init(units: Int, peak: Double, served: Double, spilled: Double) {
    self.units = units
    self.peak = peak
    self.served = served
    self.spilled = spilled
  }

  /// Of all calls those that were served; 0 without any.
  package func share(of invocations: Double) -> Double { invocations > 0 ? min(served / invocations, 1) : 0 }
}
