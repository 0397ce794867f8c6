import AWSClient
import AWSTestServers
import CarillonPlugin
import CarillonPluginTesting
import Foundation
import Testing

@testable import CostOptimizer

/// The plugin with a clock and dice of its own: pauses between attempts end at once.
struct StillPlugin: Plugin {
  typealias Config = CostConfig
  typealias Item = CostItem

  static let manifest = CostOptimizerPlugin.manifest
  private let plugin: CostOptimizerPlugin

  static func check(_ config: CostConfig) -> [Diagnostic] { CostOptimizerPlugin.check(config) }

  init(config: CostConfig) throws {
    plugin = try CostOptimizerPlugin(
      config: config, surroundings: Surroundings(sleep: { _ in }, random: { 0 }, environment: { _ in nil }))
  }

  func discover(_ run: RunContext, into sink: ItemSink<CostItem>) async throws { try await plugin.discover(run, into: sink) }
  func process(_ item: ItemContext<CostItem>) async throws -> Outcome { try await plugin.process(item) }
  func finish(_ summary: RunSummary) async throws { try await plugin.finish(summary) }
}

enum Fixture {
  /// The harness's runs begin at 1,700,000,000.
  static let window = Window(days: 30, before: 1_700_000_000)

  static func config(_ endpoint: String, _ more: String = "") -> String {
    #"{"aws":{"region":"us-east-1","endpoint":"\#(endpoint)","accessKeyId":"AKID","secretAccessKey":"hidden"}\#(more)}"#
  }

  /// A whole run against an account.
  static func run(
    _ account: LambdaAccount, _ more: String = "", script: Script = Script()
  ) async throws -> RunRecord {
    try await ScriptedServer.run({ request, _ in account.answer(request) }) { server in
      try await run(at: server.url, more, script: script)
    }
  }

  static func run(at endpoint: String, _ more: String = "", script: Script = Script()) async throws -> RunRecord {
    let record = try await PluginHarness(StillPlugin.self, config: config(endpoint, more), script: script).run()
    #expect(record.breaches.isEmpty)
    return record
  }

  /// A function with the same figures every day.
  static func function(
    _ name: String, memoryMB: Int = 1_024, calls: Double = 1_000, meanMs: Double = 200, longestMs: Double = 900, days: Int = 30
  ) -> LambdaAccount.Function {
    var function = LambdaAccount.Function(name)
    function.memoryMB = memoryMB
    function.metrics = [
      "Invocations Sum": repeated(calls, days), "Errors Sum": repeated(0, days), "Throttles Sum": repeated(0, days),
      "Duration Sum": repeated(calls * meanMs, days), "Duration SampleCount": repeated(calls, days),
      "Duration Maximum": repeated(longestMs, days), "Duration p95": repeated(meanMs * 2, days),
      "ConcurrentExecutions Maximum": repeated(3, days),
    ]
    return function
  }

  static func repeated(_ value: Double, _ count: Int) -> [Double] { Array(repeating: value, count: count) }

  static func usage(calls: Double = 30_000, meanMs: Double = 200, longestMs: Double? = 900) -> Usage {
    var usage = Usage()
    (usage.invocations, usage.samples, usage.durationMs, usage.longestMs) = (calls, calls, calls * meanMs, longestMs)
    usage.daysSinceFirstCall = calls > 0 ? 30 : 0
    usage.peakConcurrency = 3
    return usage
  }

  static func subject(
    _ function: FunctionFacts, _ usage: Usage, seen: [DurationModel.Observation] = [], limits: Thresholds = Thresholds()
  ) -> Subject {
    Subject(function, usage, window, model: CostModel(.standard), duration: DurationModel(seen), limits: limits)
  }
}

extension RunRecord {
  /// The output of an item.
  func function(_ key: String) throws -> FunctionReport {
    let completion = try #require(self.completion(key), "no completion of \(key)")
    try #require(completion.kind == .succeeded, "\(key): \(completion.kind) \(completion.reason)")
    return try JSONDecoder().decode(FunctionReport.self, from: Data(completion.output.utf8))
  }

  func account() throws -> AccountReport {
    try JSONDecoder().decode(AccountReport.self, from: Data(try #require(artifacts["cost-report.json"]).content))
  }
}

extension FunctionReport {
  func advice(_ kind: Recommendation.Kind) -> Recommendation? { recommendations.first { $0.kind == kind } }
}
