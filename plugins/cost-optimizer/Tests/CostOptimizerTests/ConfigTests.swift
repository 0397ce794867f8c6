import CarillonPlugin
import CarillonPluginTesting
import Foundation
import Testing

@testable import CostOptimizer

@Suite struct ConfigTests {
  private func findings(_ config: String) async throws -> [String] {
    try await PluginHarness(CostOptimizerPlugin.self, config: config).check().map { "\($0.pointer): \($0.message)" }
  }

  @Test func theLeastAndTheMost() async throws {
    #expect(try await findings("{}").isEmpty)
    let all = """
      {"aws":{"region":"eu-central-1","endpoint":"http://127.0.0.1:5000","accessKeyId":"${secret:id}",
       "secretAccessKey":"${secret:key}","sessionToken":"t","maxConcurrent":8},"days":90,"percentiles":false,
       "thresholds":{"unusedCalls":1,"errorRate":0.1,"throttleRate":0,"minimumSaving":0,"overProvisioned":1,"accountCost":[1,2]},
       "apply":"/tmp/plan.json","applying":{"maxAgeDays":1,"parts":["memory"],"confidence":"high"}}
      """
    #expect(try await findings(all).isEmpty)
  }

  @Test(arguments: [
    (#""days":0"#, "/days"), (#""days":91"#, "/days"), (#""aws":{"endpoint":"localhost"}"#, "/aws/endpoint"),
    (#""prices":"p.json""#, "/prices"), (#""prices":"/nowhere/p.json""#, "/prices"),
    (#""thresholds":{"errorRate":5}"#, "/thresholds/errorRate"),
    (#""thresholds":{"accountCost":[5]}"#, "/thresholds/accountCost"),
    (#""thresholds":{"minimumSaving":-1}"#, "/thresholds/minimumSaving"), (#""apply":"plan.json""#, "/apply"),
    (#""applying":{"parts":[]}"#, "/applying/parts"), (#""applying":{"maxAgeDays":0}"#, "/applying/maxAgeDays"),
    (#""aws":{"profile":"p","accessKeyId":"a","secretAccessKey":"b"}"#, "/aws/profile"), (#""colour":1"#, "/colour"),
  ])
  func eachMistakeHasItsPlace(_ part: String, _ pointer: String) async throws {
    let found = try await findings("{\(part)}")
    #expect(found.count == 1 && found[0].hasPrefix(pointer + ":"), "\(found)")
  }
}
