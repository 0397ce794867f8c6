import AWSTestServers
import CarillonPlugin
import CarillonPluginTesting
import Foundation
import Testing

@testable import CostOptimizer

/// A whole analysis and its application on moto's Lambda and CloudWatch, with figures that Python worked out from single runs.
@Suite struct MotoAccountTests {
  private struct Order: Encodable {
    var endpoint: String
    var prefix: String
    var seed: UInt32
    var from = Fixture.window.from
    var to = Fixture.window.to
  }

  private struct Expected: Decodable {
    var name: String
    var invocations: Double
    var errors: Double
    var mean: Double
    var longest: Double
    var cost: Double
  }

  @Test func figuresPlanAndChanges() async throws {
    let endpoint = try MotoServer.endpoint()
    let order = Order(endpoint: endpoint, prefix: "costs-\(UUID().uuidString.prefix(8))", seed: .random(in: 0...UInt32.max))
    print("MotoAccountTests: seed \(order.seed)")
    let expected: [Expected] = try Oracle.ask("moto_account.py", order, python: .ofTestServers)
    let record = try await Fixture.run(at: endpoint, #","thresholds":{"minimumSaving":0}"#)
    for one in expected {
      let report = try record.function(one.name)
      let usage = try #require(report.usage)
      #expect(
        usage.invocations == one.invocations && usage.errors == one.errors && usage.longestMs == one.longest, "\(one.name)")
      #expect(abs(try #require(usage.meanMs) - one.mean) < 1e-6 && usage.p95Ms == nil)
      #expect(abs(try #require(report.cost).total - one.cost) < 1e-9 * max(1, one.cost), "\(one.name)")
    }
    let idle = try record.function("\(order.prefix)-idle")
    #expect(idle.cost?.total == 0 && idle.advice(.unused) != nil && idle.advice(.runtime) == nil)  // seen from 2023
    #expect(record.artifacts["cost-report.html"]?.text.contains("\(order.prefix)-shop") == true)

    // The plan's timeouts, applied; then once more.
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(order.prefix).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(try #require(record.artifacts["plan.json"]).content).write(to: URL(fileURLWithPath: path))
    let applying = ",\"apply\":\"\(path)\",\"applying\":{\"confidence\":\"low\"}"
    let applied = try await Fixture.run(at: endpoint, applying)
    let films = try #require(record.function("\(order.prefix)-films").advice(.timeout)?.change?.timeoutSeconds ?? nil)
    #expect(applied.completion("\(order.prefix)-films")?.kind == .succeeded)
    let after = try await Fixture.run(at: endpoint).function("\(order.prefix)-films").function
    #expect(after.timeoutSeconds == films || after.memoryMB != 10_240)
    let again = try await Fixture.run(at: endpoint, applying)
    #expect(again.completion("\(order.prefix)-films")?.kind == .skipped)
  }
}
