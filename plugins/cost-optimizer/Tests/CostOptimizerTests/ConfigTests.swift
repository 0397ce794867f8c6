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
    #expect(try await findings(#"{"region":"eu-central-1"}"#).isEmpty)
    let all = """
      {"region":"eu-central-1","endpoint":"http://127.0.0.1:5000","days":90,"percentiles":false,
       "credentials":{"access_key_id":"${secret:id}","secret_access_key":"${secret:key}","session_token":"t"},
       "thresholds":{"unused_calls":1,"error_rate":0.1,"throttle_rate":0,"minimum_saving":0,"over_provisioned":1,"account_cost":[1,2]},
       "apply":{"plan":"/tmp/plan.json","max_age_days":1,"parts":["memory"],"confidence":"high"}}
      """
    #expect(try await findings(all).isEmpty)
  }

  @Test(arguments: [
    (#""days":0"#, "/days"), (#""days":91"#, "/days"), (#""endpoint":"localhost""#, "/endpoint"), (#""prices":"p.json""#, "/prices"),
    (#""prices":"/nowhere/p.json""#, "/prices"), (#""thresholds":{"error_rate":5}"#, "/thresholds/error_rate"),
    (#""thresholds":{"account_cost":[5]}"#, "/thresholds/account_cost"),
    (#""thresholds":{"minimum_saving":-1}"#, "/thresholds/minimum_saving"), (#""apply":{"plan":"plan.json"}"#, "/apply/plan"),
    (#""apply":{"plan":"/p","parts":[]}"#, "/apply/parts"), (#""apply":{"plan":"/p","max_age_days":0}"#, "/apply/max_age_days"),
    (#""profile":"p","credentials":{"access_key_id":"a","secret_access_key":"b"}"#, "/profile"),
    (#""credentials":{"access_key_id":"","secret_access_key":"b"}"#, "/credentials/access_key_id"), (#""colour":1"#, "/colour"),
  ])
  func eachMistakeHasItsPlace(_ part: String, _ pointer: String) async throws {
    let found = try await findings("{\"region\":\"eu-central-1\",\(part)}")
    #expect(found.count == 1 && found[0].hasPrefix(pointer + ":"), "\(found)")
  }

  @Test func theRegionIsOne() async throws {
    #expect(try await findings(#"{"region":"Frankfurt"}"#).first?.hasPrefix("/region") == true)
    #expect(try await !findings("{}").isEmpty)
  }
}
