import Foundation
import Seeded
import Testing

@testable import CostOptimizer

@Suite struct CostModelTests {
  private let model = CostModel(.standard)

  /// Worked out by hand from the price page, not by this code.
  @Test func aTableWorkedOutByHand() {
    // Three million calls of 120 ms at 1,536 MB: 540,000 GB-s × 0.0000166667 = 9.000018, and 3 × 0.20.
    let shop = model.cost(of: Workload(memoryMB: 1_536, requests: 3_000_000, seconds: 360_000))
    #expect(abs(shop.compute - 9.000018) < 1e-9 && abs(shop.requests - 0.6) < 1e-12 && abs(shop.total - 9.600018) < 1e-9)
    // The same on arm64: 540,000 × 0.0000133334.
    let arm = model.cost(of: Workload(memoryMB: 1_536, architecture: .arm, requests: 3_000_000, seconds: 360_000))
    #expect(abs(arm.compute - 7.200036) < 1e-9)
    // 10,240 MB of storage: 9.5 GB above the free 512 MB × 1,000,000 s × 0.0000000309.
    let storage = model.cost(of: Workload(memoryMB: 128, ephemeralMB: 10_240, requests: 0, seconds: 1_000_000))
    #expect(abs(storage.ephemeral - 0.29355) < 1e-9)
    #expect(model.cost(of: Workload(memoryMB: 128, ephemeralMB: 512, requests: 0, seconds: 1_000_000)).ephemeral == 0)
    // 100 environments of 1 GB for 30 days: 259,200,000 GB-s × 0.0000041667, and a quarter of the runs in them.
    let warm = model.cost(
      of: Workload(memoryMB: 1_024, requests: 0, seconds: 1_000, provisionedUnits: 100, provisionedShare: 0.25))
    #expect(abs(warm.provisioned - 1_080.00864) < 1e-6)
    #expect(abs(warm.compute - (750 * 0.0000166667 + 250 * 0.0000097222)) < 1e-12)
  }

  @Test func nothingCostsNothing() {
    #expect(model.cost(of: Workload(memoryMB: 10_240, ephemeralMB: 10_240, requests: 0, seconds: 0)).total == 0)
  }

  @Test func usageIsScaledToAMonth() {
    let week = Workload(
      FunctionFacts(name: "f"), Fixture.usage(calls: 700, meanMs: 100), Window(days: 7, before: 1_700_000_000))
    #expect(abs(week.requests - 3_000) < 1e-9 && abs(week.seconds - 300) < 1e-9)
    let month = Workload(FunctionFacts(name: "f"), Fixture.usage(calls: 700, meanMs: 100), Fixture.window)
    #expect(month.requests == 700 && month.seconds == 70)
  }

  /// Random workloads against Python's fractions, which round nowhere.
  @Test func agreesWithTheOracle() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("CostModelTests: seed \(seed)")
    var random = SplitMix(seed: seed)
    let works = (0..<500).map { _ in
      Workload(
        memoryMB: Int.random(in: 128...10_240, using: &random), ephemeralMB: Int.random(in: 512...10_240, using: &random),
        architecture: Bool.random(using: &random) ? .x86 : .arm, requests: Double.random(in: 0...1e9, using: &random).rounded(),
        seconds: Double.random(in: 0...1e8, using: &random), provisionedUnits: Double(Int.random(in: 0...50, using: &random)),
        provisionedShare: Double.random(in: 0...1, using: &random))
    }
    let expected: [MonthlyCost] = try Oracle.ask("cost.py", works)
    #expect(expected.count == works.count)
    for (work, cost) in zip(works, expected) {
      let mine = model.cost(of: work)
      for (part, other) in [
        (mine.requests, cost.requests), (mine.compute, cost.compute), (mine.ephemeral, cost.ephemeral),
        (mine.provisioned, cost.provisioned),
      ] {
        #expect(abs(part - other) <= 1e-12 * max(1, abs(other)), "\(work)")
      }
    }
  }
}

@Suite struct PriceTableTests {
  private func file(_ text: String) throws -> String {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("prices-\(UUID().uuidString).json").path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private let zurich = """
    {"requestsPerMillion": 0.3, "gbSecond": {"x86_64": 0.00002, "arm64": 0.000016}, "ephemeralGBSecond": 1e-8,
     "provisionedGBSecond": {"x86_64": 5e-6, "arm64": 4e-6}, "provisionedRunGBSecond": {"x86_64": 1e-5, "arm64": 8e-6}}
    """

  @Test func regionsHavePricesOfTheirOwn() throws {
    let path = try file("{\"regions\": {\"eu-central-2\": \(zurich)}}")
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(try PriceTable(region: "eu-central-2", file: path).prices.gbSecond.x86 == 0.00002)
    let error = #expect(throws: CostOptimizerError.self) { try PriceTable(region: "eu-west-1", file: path) }
    #expect(error?.message.contains("neither the region eu-west-1 nor a default") == true)
    #expect(try PriceTable(region: "anywhere", file: nil).prices == .standard)
  }

  @Test func aDefaultStandsForTheRest() throws {
    let path = try file("{\"default\": \(zurich)}")
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(try PriceTable(region: "eu-west-1", file: path).prices.requestsPerMillion == 0.3)
  }

  @Test(arguments: [
    ("{", "cannot be read"), ("{\"default\": {\"requestsPerMillion\": 1}}", "is missing"),
    ("{}", "neither the region"),
  ])
  func aWrongFileIsAnErrorWithItsReason(_ text: String, _ words: String) throws {
    let path = try file(text)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let error = #expect(throws: CostOptimizerError.self) { try PriceTable(region: "r", file: path) }
    #expect(error?.code == .prices && error?.message.contains(words) == true, "\(String(describing: error))")
  }

  @Test func pricesBelowZeroAreRefused() throws {
    let path = try file("{\"default\": \(zurich.replacingOccurrences(of: "0.3", with: "-0.3"))}")
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(throws: CostOptimizerError.self) { try PriceTable(region: "r", file: path) }
  }
}
