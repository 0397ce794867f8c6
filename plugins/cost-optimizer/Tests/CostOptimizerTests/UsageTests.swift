import AWSClient
import Seeded
import Testing

@testable import CostOptimizer

@Suite struct UsageTests {
  private func metrics(_ values: [FunctionMetrics.Series: [Double]]) -> FunctionMetrics {
    let asked = FunctionMetrics.Series.allCases
    return FunctionMetrics(
      asked: asked,
      answers: asked.map { series in
        MetricSeries(
          points: (values[series] ?? []).enumerated().map {
            MetricSeries.Point(at: Fixture.window.from + $0.offset * Window.daySeconds, value: $0.element)
          }, isComplete: true)
      })
  }

  @Test func theMeanIsWeightedBySamples() throws {
    // A busy day of 100 ms and a quiet one of 2,000 ms: the mean of the two days' means would be 1,050.
    let usage = Usage(
      metrics([
        .invocations: [9_990, 10], .durationSum: [999_000, 20_000], .durationSamples: [9_990, 10],
        .durationMaximum: [300, 2_500],
        .durationP95: [150, 2_400],
      ]), Fixture.window)
    let mean = try #require(usage.meanMs)
    #expect(abs(mean - 101.9) < 1e-9)
    #expect(usage.longestMs == 2_500 && usage.p95Ms == 2_400)
  }

  /// Random hours, of which each has a mean and a count, against a Python that adds up every single run.
  @Test func agreesWithTheOracle() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("UsageTests: seed \(seed)")
    var random = SplitMix(seed: seed)
    let cases: [[[Double]]] = (0..<40).map { _ in
      (0..<30).map { _ in
        (0..<Int.random(in: 0...60, using: &random)).map { _ in Double(Int.random(in: 1...60_000, using: &random)) / 8 }
      }
    }
    struct Expected: Decodable {
      var mean: Double?
      var longest: Double?
      var gbSeconds: Double
    }
    let expected: [Expected] = try Oracle.ask("mean.py", cases)
    for (runs, expected) in zip(cases, expected) {
      let usage = Usage(
        metrics([
          .invocations: runs.map { Double($0.count) }, .durationSum: runs.map { $0.reduce(0, +) },
          .durationSamples: runs.map { Double($0.count) }, .durationMaximum: runs.compactMap { $0.max() },
        ]), Fixture.window)
      #expect(abs((usage.meanMs ?? -1) - (expected.mean ?? -1)) < 1e-6)
      #expect(usage.longestMs == expected.longest)
      let work = Workload(FunctionFacts(name: "f", memoryMB: 1_536), usage, Fixture.window)
      #expect(abs(work.memoryGB * work.seconds - expected.gbSeconds) < 1e-6)
    }
  }

  @Test func withoutRunsThereIsNoMean() {
    let usage = Usage(metrics([:]), Fixture.window)
    #expect(usage.meanMs == nil && usage.longestMs == nil && usage.errorRate == 0 && usage.throttleRate == 0)
    #expect(usage.daysSinceFirstCall == 0)
  }

  @Test func theFirstCallIsKnown() {
    #expect(Usage(metrics([.invocations: Array(repeating: 0, count: 23) + [5]]), Fixture.window).daysSinceFirstCall == 7)
  }

  @Test func theQuietestDaySetsTheLoad() {
    // 86,400 s of runs in a day are one run at any time.
    let busy = Array(repeating: 2 * 86_400_000.0, count: 29) + [86_400_000.0]
    #expect(Usage(metrics([.durationSum: busy]), Fixture.window).leastDailyConcurrency == 1)
    #expect(Usage(metrics([.durationSum: Array(busy.dropLast())]), Fixture.window).leastDailyConcurrency == 0)
  }

  @Test func aGapIsNotZero() {
    let asked = FunctionMetrics.Series.allCases
    let answers = asked.map { MetricSeries(isComplete: $0 != .errors, message: $0 == .errors ? "internal" : nil) }
    #expect(FunctionMetrics(asked: asked, answers: answers).gap == "CloudWatch did not answer in full: Errors Sum (internal)")
    // What is only good to know may be missing.
    let optional = asked.map { MetricSeries(isComplete: $0.isRequired) }
    #expect(FunctionMetrics(asked: asked, answers: optional).gap == nil)
  }
}
