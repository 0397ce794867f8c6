/// A month's cost of a function, in US dollars, by what it is paid for.
package struct MonthlyCost: Codable, Hashable, Sendable {
  package var requests = 0.0
  /// Of runs, provisioned or not.
  package var compute = 0.0
  /// Of storage above 512 MB.
  package var ephemeral = 0.0
  /// Of environments that are kept ready.
  package var provisioned = 0.0

  package init() {}

  package init(requests: Double, compute: Double, ephemeral: Double, provisioned: Double) {
    self.requests = requests
    self.compute = compute
    self.ephemeral = ephemeral
    self.provisioned = provisioned
  }

  package var total: Double { requests + compute + ephemeral + provisioned }

  package static func + (left: MonthlyCost, right: MonthlyCost) -> MonthlyCost {
    MonthlyCost(
      requests: left.requests + right.requests, compute: left.compute + right.compute,
      ephemeral: left.ephemeral + right.ephemeral, provisioned: left.provisioned + right.provisioned)
  }
}

/// Prices workloads. Pure.
package struct CostModel: Hashable, Sendable {
  /// A month has 30 days, as the default window has: there, what is shown is what was seen.
  package static let monthSeconds = 30.0 * 86_400
  /// Storage that costs nothing.
  package static let freeEphemeralMB = 512

  package let prices: Prices

  package init(_ prices: Prices) { self.prices = prices }

  package func cost(of work: Workload) -> MonthlyCost {
    let gbSeconds = work.memoryGB * work.seconds
    let runPrice =
      prices.gbSecond[work.architecture] * (1 - work.provisionedShare)
      + prices.provisionedRunGBSecond[work.architecture] * work.provisionedShare
    let paidStorageGB = Double(max(work.ephemeralMB - Self.freeEphemeralMB, 0)) / 1_024
    return MonthlyCost(
      requests: work.requests / 1_000_000 * prices.requestsPerMillion,
      compute: gbSeconds * runPrice,
      ephemeral: paidStorageGB * work.seconds * prices.ephemeralGBSecond,
      provisioned: work.provisionedUnits * work.memoryGB * Self.monthSeconds * prices.provisionedGBSecond[work.architecture])
  }

  /// What a change saves in a month; negative when it costs.
  package func saving(from before: Workload, to after: Workload) -> Double { cost(of: before).total - cost(of: after).total }
}
