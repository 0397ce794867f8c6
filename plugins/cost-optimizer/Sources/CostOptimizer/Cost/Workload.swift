/// What a function does in a month, as far as it is paid for. A change of the function is another workload.
package struct Workload: Codable, Hashable, Sendable {
  package var memoryMB: Int
  package var ephemeralMB: Int
  package var architecture: Architecture
  /// Calls a month.
  package var requests: Double
  /// Seconds of all runs in a month. CloudWatch's durations, which are not rounded up to the next millisecond as the bill is.
  package var seconds: Double
  /// Environments that are kept ready all month.
  package var provisionedUnits: Double
  /// Of `seconds`, those that run in one of them. 0 to 1.
  package var provisionedShare: Double

  package init(
    memoryMB: Int, ephemeralMB: Int = 512, architecture: Architecture = .x86, requests: Double, seconds: Double,
    provisionedUnits: Double = 0, provisionedShare: Double = 0
  ) {
    self.memoryMB = memoryMB
    self.ephemeralMB = ephemeralMB
    self.architecture = architecture
    self.requests = requests
    self.seconds = seconds
    self.provisionedUnits = provisionedUnits
    self.provisionedShare = provisionedShare
  }

  package init(_ function: FunctionFacts, _ usage: Usage, _ window: Window) {
    self.init(
      memoryMB: function.memoryMB, ephemeralMB: function.ephemeralMB, architecture: function.architecture,
      requests: usage.invocations * window.monthFactor, seconds: usage.durationMs / 1_000 * window.monthFactor,
      provisionedUnits: Double(usage.provisioned?.units ?? 0),
      provisionedShare: usage.provisioned?.share(of: usage.invocations) ?? 0)
  }

  package var memoryGB: Double { Double(memoryMB) / 1_024 }
}
