import AWSClient
import Testing

@testable import CostOptimizer

@Suite struct TimeoutRuleTests {
  private func proposal(_ timeout: Int, longestMs: Double?, slowdown: Double = 1) -> Int? {
    var subject = Fixture.subject(FunctionFacts(name: "f", timeoutSeconds: timeout), Fixture.usage(longestMs: longestMs))
    subject.slowdown = slowdown
    return TimeoutRule().advice(on: subject)?.recommendation.change?.timeoutSeconds
  }

  @Test(arguments: [
    (900, 10_000.0, 15 as Int?),  // far too long
    (13, 10_000, nil),  // 1.3 times: tolerated as long as one and a half times is no less
    (16, 10_000, 15), (12, 10_000, nil), (3, 20, 1), (1, 20, nil),
    (10, 9_600, 15),  // runs reach it
    (900, 890_000, nil),  // and cannot be given more
    (10, 10_000, 15),
  ])
  func table(_ timeout: Int, _ longestMs: Double, _ expected: Int?) {
    #expect(proposal(timeout, longestMs: longestMs) == expected)
  }

  @Test func lessMemoryIsAllowedFor() {
    #expect(proposal(900, longestMs: 10_000, slowdown: 2) == 30)
    #expect(proposal(900, longestMs: nil) == nil)
  }
}

@Suite struct OtherRuleTests {
  private let function = FunctionFacts(name: "f", memoryMB: 1_024)

  @Test(arguments: [(0.0, 30, Recommendation.Confidence.high), (0, 14, .medium), (0, 7, .low), (9, 30, .low)])
  func fewCallsAreUnused(_ calls: Double, _ days: Int, _ confidence: Recommendation.Confidence) throws {
    let window = Window(days: days, before: 1_700_000_000)
    let subject = Subject(
      function, Fixture.usage(calls: calls), window, model: CostModel(.standard), duration: DurationModel([]),
      limits: Thresholds())
    let advice = try #require(UnusedRule().advice(on: subject))
    #expect(advice.recommendation.confidence == confidence && advice.effect.isRemoved)
    #expect(advice.recommendation.saving == CostModel(.standard).cost(of: subject.workload).total)
  }

  @Test func tenCallsAreUse() {
    #expect(UnusedRule().advice(on: Fixture.subject(function, Fixture.usage(calls: 10))) == nil)
  }

  @Test func failuresAndRefusals() throws {
    var usage = Fixture.usage()
    usage.errors = 1_500
    #expect(ErrorRule().advice(on: Fixture.subject(function, usage)) == nil)  // just 5 %
    usage.errors = 1_501
    let found = try #require(ErrorRule().advice(on: Fixture.subject(function, usage))).recommendation
    #expect(found.saving == 0 && found.reason.hasPrefix("1,501 of 30,000 calls ended in an error"))
    usage.throttles = 10
    #expect(ThrottleRule().advice(on: Fixture.subject(function, usage)) == nil)
    usage.throttles = 400
    #expect(ThrottleRule().advice(on: Fixture.subject(function, usage))?.recommendation.reason.contains("(1.3 %)") == true)
  }

  @Test(arguments: [
    ("python3.13" as String?, false, Recommendation.Confidence.medium), ("provided.al2023", false, .low), (nil, true, .low),
  ])
  func armIsAFifthCheaper(_ runtime: String?, _ isImage: Bool, _ confidence: Recommendation.Confidence) throws {
    let x86 = FunctionFacts(name: "f", runtime: runtime, memoryMB: 1_024, isImage: isImage)
    let found = try #require(ArchitectureRule().advice(on: Fixture.subject(x86, Fixture.usage(calls: 3e6)))).recommendation
    #expect(abs(found.saving - 600_000 * (0.0000166667 - 0.0000133334)) < 1e-9 && found.confidence == confidence)
  }

  @Test func armIsNotForEverybody() {
    let usage = Fixture.usage(calls: 3e6)
    #expect(ArchitectureRule().advice(on: Fixture.subject(FunctionFacts(name: "f", architecture: .arm), usage)) == nil)
    #expect(ArchitectureRule().advice(on: Fixture.subject(FunctionFacts(name: "f", runtime: "go1.x"), usage)) == nil)
    #expect(ArchitectureRule().advice(on: Fixture.subject(FunctionFacts(name: "f", runtime: nil), usage)) == nil)
  }

  @Test(arguments: [
    ("nodejs18.x", "2025-09-02", "out of support since 2025-09-01" as String?),
    ("nodejs18.x", "2025-08-30", "after 2025-09-01: 2 days are left"),
    ("nodejs18.x", "2025-01-01", nil), ("python3.99", "2025-01-01", nil), ("go1.x", "2026-01-01", "since 2024-01-08"),
  ])
  func runtimesAge(_ runtime: String, _ day: String, _ words: String?) throws {
    let now = try #require(CivilDate.secondsSince1970(day + "T12:00:00Z"))
    let advice = RuntimeRule(now: now).advice(on: Fixture.subject(FunctionFacts(name: "f", runtime: runtime), Fixture.usage()))
    #expect(
      advice.map { $0.recommendation.reason.contains(words ?? "–") } == words.map { _ in true }, "\(String(describing: advice))"
    )
  }

  @Test func everyEndIsADay() {
    for (runtime, day) in Runtimes.ends { #expect(CivilDate.secondsSince1970(day + "T00:00:00Z") != nil, "\(runtime)") }
  }
}

@Suite struct ProvisionedRuleTests {
  private let function = FunctionFacts(name: "f", memoryMB: 1_024)

  private func advice(_ units: Int, peak: Double, served: Double, spilled: Double, calls: Double = 30_000) -> Recommendation? {
    var usage = Fixture.usage(calls: calls)
    usage.peakConcurrency = 14
    usage.provisioned = ProvisionedUsage(units: units, peak: peak, served: served, spilled: spilled)
    return ProvisionedRule().advice(on: Fixture.subject(function, usage))?.recommendation
  }

  @Test func idleOnesGo() throws {
    let found = try #require(advice(10, peak: 3, served: 30_000, spilled: 0))
    #expect(found.action == "provisioned concurrency 10 → 4")
    #expect(abs(found.saving - 6 * 2_592_000 * 0.0000041667) < 1e-9)
  }

  @Test func unusedOnesAllGo() throws {
    let found = try #require(advice(10, peak: 0, served: 0, spilled: 0))
    #expect(found.action == "provisioned concurrency 10 → 0" && found.reason.hasPrefix("no call ran in any of them"))
    #expect(abs(found.saving - 10 * 2_592_000 * 0.0000041667) < 1e-9)
    #expect(advice(10, peak: 0, served: 0, spilled: 0, calls: 0)?.saving == found.saving)
  }

  @Test func tooFewAreRaised() throws {
    let found = try #require(advice(10, peak: 10, served: 20_000, spilled: 10_000))
    #expect(found.action == "provisioned concurrency 10 → 14" && found.saving < 0)
    #expect(found.reason.hasPrefix("33.3 % of the calls"))
  }

  @Test func enoughIsEnough() {
    #expect(advice(10, peak: 9, served: 29_900, spilled: 100) == nil)
    #expect(advice(1, peak: 1, served: 10, spilled: 0) == nil)
  }

  @Test func aSteadyLoadGetsSome() throws {
    var usage = Fixture.usage(calls: 2_592_000 * 5, meanMs: 1_000)
    (usage.leastDailyConcurrency, usage.peakConcurrency) = (4.6, 9)
    let found = try #require(ProvisionedRule().advice(on: Fixture.subject(function, usage))).recommendation
    #expect(found.action == "provisioned concurrency 0 → 4" && found.confidence == .low)
    // 4 of 1 GB kept for a month, 85 % of that time at the lower price of a run.
    let expected = 4 * 2_592_000 * (0.85 * (0.0000166667 - 0.0000097222) - 0.0000041667)
    #expect(abs(found.saving - expected) < 1e-6)
    usage.peakConcurrency = 40
    #expect(ProvisionedRule().advice(on: Fixture.subject(function, usage)) == nil)
    (usage.peakConcurrency, usage.daysSinceFirstCall) = (9, 20)
    #expect(ProvisionedRule().advice(on: Fixture.subject(function, usage)) == nil)
  }
}

@Suite struct AdvisorTests {
  @Test func togetherTheySaveLessThanTheirSum() {
    let subject = Fixture.subject(FunctionFacts(name: "f", memoryMB: 1_024, timeoutSeconds: 30), Fixture.usage(calls: 3e6))
    let verdict = Advisor(now: Fixture.window.to).verdict(on: subject)
    let (all, saving) = (verdict.recommendations, verdict.saving)
    #expect(all.map(\.kind) == [.memory, .architecture, .timeout])
    // Half the memory, 1.5 times as long, at the price of arm64.
    let after = 450_000 * 0.0000133334
    #expect(abs(saving - (600_000 * 0.0000166667 - after)) < 1e-9)
    // Of these only the processor is more than a guess.
    #expect(abs(verdict.surerSaving - 600_000 * (0.0000166667 - 0.0000133334)) < 1e-9)
    #expect(saving < all.reduce(0) { $0 + $1.saving })
    // The longest run of 0.9 s may take 1.8 s with half the memory: 2.7 s, so 3 s.
    #expect(all.first { $0.kind == .timeout }?.change?.timeoutSeconds == 3)
  }

  @Test func whatShouldGoIsNotTuned() {
    var usage = Fixture.usage(calls: 3, meanMs: 60_000)
    usage.throttles = 100
    let verdict = Advisor(now: Fixture.window.to).verdict(
      on: Fixture.subject(FunctionFacts(name: "f", runtime: "python3.6"), usage))
    #expect(verdict.recommendations.map(\.kind) == [.unused, .runtime])
  }
}
