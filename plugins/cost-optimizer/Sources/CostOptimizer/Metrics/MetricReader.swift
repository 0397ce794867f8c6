package import AWSClient

/// Everything that the services say of a function's use.
package struct MetricReader: Sendable {
  /// What became of provisioned concurrency, or why that is not known.
  package enum Provisioned: Sendable {
    case none
    case known(ProvisionedUsage)
    case unknown(String)
  }

  private let batcher: MetricBatcher
  private let lambda: Lambda

  package init(_ batcher: MetricBatcher, _ lambda: Lambda) {
    self.batcher = batcher
    self.lambda = lambda
  }

  package func metrics(of function: String, in window: Window) async throws(AWSError) -> FunctionMetrics {
    let asked = FunctionMetrics.Series.allCases
    return FunctionMetrics(
      asked: asked, answers: try await batcher.series(asked.map { $0.query(function: function) }, in: window))
  }

  /// Asks how much is provisioned only where there can be any, as that takes a call a function: it was at work in the window, or
  /// something is published of the function. What idles is not measured, also where the function is called beside it.
  package func provisioned(
    of facts: FunctionFacts, _ metrics: FunctionMetrics, in window: Window
  ) async throws(AWSError) -> Provisioned {
    let mayIdle = facts.hasVersions ?? (metrics.sum(.invocations) == 0)
    guard metrics.gap == nil, metrics.maximum(.provisionedPeak) != nil || mayIdle else { return .none }
    let function = facts.name
    let units: Int
    do throws(AWSError) {
      units = try await lambda.provisionedConcurrency(of: function).reduce(0) { $0 + $1.requested }
    } catch {
      // Lambda's own 404 has a code; one without comes from an endpoint that does not know the call, nor the thing.
      guard error.code == .notFound, error.serviceCode == nil else { throw error }
      return metrics.maximum(.provisionedPeak) == nil
        ? .none : .unknown("the endpoint does not tell how much concurrency is provisioned")
    }
    guard units > 0 else { return .none }
    let answers = try await batcher.series(
      ["ProvisionedConcurrencyInvocations", "ProvisionedConcurrencySpilloverInvocations"].map {
        MetricQuery(
          namespace: "AWS/Lambda", metric: $0, dimensions: ["FunctionName": function], periodSeconds: Window.daySeconds,
          statistic: "Sum")
      }, in: window)
    guard answers.allSatisfy(\.isComplete) else {
      return .unknown("CloudWatch did not answer in full: the calls that provisioned concurrency served")
    }
    let sums = answers.map { $0.points.reduce(0) { $0 + $1.value } }
    return .known(
      ProvisionedUsage(units: units, peak: metrics.maximum(.provisionedPeak) ?? 0, served: sums[0], spilled: sums[1]))
  }
}
