import AWSTestServers
import CarillonPlugin
import CarillonPluginTesting
import CostOptimizer
import Foundation

/// How many calls the analysis of 1,000 functions over 30 days makes, counted by the service, and how many a call for each
/// metric of each function would make. With a folder as its argument it leaves the reports there.
@main struct CostBench {
  static let functions = 1_000

  static func main() async throws {
    let account = LambdaAccount((0..<functions).map(SampleFunction.make))
    let began = ContinuousClock.now
    let record = try await ScriptedServer.run({ request, _ in account.answer(request) }) { server in
      let config =
        #"{"aws":{"region":"us-east-1","endpoint":"\#(server.url)","accessKeyId":"AKID","secretAccessKey":"bench"}}"#
      var script = Script()
      script.job = "lambda-costs"
      script.checkpoints["cost-optimizer.us-east-1.trend"] = SampleFunction.earlierMonths
      return try await PluginHarness(CostOptimizerPlugin.self, config: config, script: script).run()
    }
    let took = ContinuousClock.now - began
    guard record.completions.count == functions, record.completions.allSatisfy({ $0.kind == .succeeded }) else {
      FileHandle.standardError.write(
        Data("not every function was analysed: \(record.completions.first?.reason ?? "none")\n".utf8))
      exit(1)
    }
    if CommandLine.arguments.count > 1 {
      for (name, artifact) in record.artifacts {
        try Data(artifact.content).write(to: URL(fileURLWithPath: CommandLine.arguments[1]).appendingPathComponent(name))
      }
    }
    for (operation, count) in account.calls.sorted(by: { $0.key < $1.key }) { print("\(operation): \(count)") }
    print("analysed in \(took)")
    // Listing is needed either way. A metric's statistics are one call there, so this counts in its favour.
    let perMetric = account.metricsAsked + (account.calls["ListFunctions"] ?? 0)
    print("{\"bench\":\"cost\",\"cost_calls\":\(account.allCalls),\"cost_calls_per_metric\":\(perMetric)}")
  }
}
