import Testing

@testable import CostOptimizer

@Suite struct MemoryRuleTests {
  private func function(_ memoryMB: Int = 1_024, timeout: Int = 30) -> FunctionFacts {
    FunctionFacts(name: "f", memoryMB: memoryMB, timeoutSeconds: timeout)
  }

  private func busy(used: Double? = nil, longestMs: Double = 900) -> Usage {
    var usage = Fixture.usage(calls: 3_000_000, meanMs: 200, longestMs: longestMs)
    usage.usedMemoryMB = used
    return usage
  }

  @Test func knowingNothingItHalvesAndSaysSo() throws {
    let advice = try #require(MemoryRule().advice(on: Fixture.subject(function(), busy())))
    let found = advice.recommendation
    #expect(found.action == "memory 1,024 → 512 MB" && found.change == ConfigurationChange(memoryMB: 512))
    #expect(found.confidence == .low)
    // 600,000 GB-s cost 10.00002. At 512 MB and 1.5 × the time: three quarters of it. At worst twice the time: all of it.
    #expect(abs(found.saving - 2.500005) < 1e-9)
    let (least, most) = (try #require(found.savingAtLeast), try #require(found.savingAtMost))
    #expect(abs(least) < 1e-9 && abs(most - 5.00001) < 1e-9)
  }

  @Test func neverBelowWhatIsInUse() throws {
    let advice = try #require(MemoryRule().advice(on: Fixture.subject(function(), busy(used: 560))))
    #expect(advice.recommendation.change?.memoryMB == 768)  // 672 with headroom
    #expect(advice.recommendation.confidence == .medium)
    for used in stride(from: 50.0, through: 920, by: 7) {
      guard let size = MemoryRule().advice(on: Fixture.subject(function(), busy(used: used)))?.recommendation.change?.memoryMB
      else {
        continue
      }
      #expect(Double(size) >= used * MemoryRule.headroom && size >= 512)
    }
  }

  @Test func nearlyFullGetsMore() throws {
    let advice = try #require(MemoryRule().advice(on: Fixture.subject(function(), busy(used: 1_000))))
    #expect(advice.recommendation.change?.memoryMB == 1_280 && advice.recommendation.confidence == .high)
    #expect(advice.recommendation.saving < 0)
    #expect(MemoryRule().advice(on: Fixture.subject(function(10_240), busy(used: 10_000))) == nil)
  }

  @Test func aFitReachesTheLeastSizeThatWasSeen() throws {
    // All waiting: the least memory that it ever ran with is the cheapest.
    let seen = [256, 1_024].map { DurationModel.Observation(memoryMB: $0, meanMs: 200, samples: 10_000) }
    let found = try #require(MemoryRule().advice(on: Fixture.subject(function(), busy(), seen: seen))).recommendation
    #expect(found.change?.memoryMB == 256 && found.confidence == .medium && found.savingAtLeast == nil)
    #expect(abs(found.saving - 0.75 * 10.00002) < 1e-9)
  }

  @Test func allWorkIsLeftAlone() {
    let seen = [256: 800.0, 1_024: 200.0].map { DurationModel.Observation(memoryMB: $0.key, meanMs: $0.value, samples: 10_000) }
    #expect(MemoryRule().advice(on: Fixture.subject(function(), busy(), seen: seen)) == nil)
  }

  @Test func longRunsKeepTheirTimeout() {
    // 900 ms could become 1.8 s with half the memory, and 1.44 s with five eighths; 80 % of two seconds are 1.6.
    func size(_ timeout: Int) -> Int? {
      MemoryRule().advice(on: Fixture.subject(function(timeout: timeout), busy()))?.recommendation.change?.memoryMB
    }
    #expect(size(3) == 512 && size(2) == 640 && size(1) == nil)
  }

  @Test func nothingForNothing() {
    #expect(MemoryRule().advice(on: Fixture.subject(function(), Fixture.usage(calls: 0))) == nil)
    #expect(MemoryRule().advice(on: Fixture.subject(function(), Fixture.usage(calls: 100))) == nil)  // saves a tenth of a cent
    #expect(MemoryRule().advice(on: Fixture.subject(function(128), busy())) == nil)
  }

  @Test(arguments: [(1_200.0, 13, Recommendation.Confidence.medium), (99.0, 30, .low), (1e6, 30, .high)])
  func theConfidenceIsThatOfTheData(_ samples: Double, _ days: Int, _ confidence: Recommendation.Confidence) throws {
    var usage = busy(used: 300)
    (usage.samples, usage.durationMs, usage.daysSinceFirstCall) = (samples, 6e8, days)
    let seen = [512, 1_024].map { DurationModel.Observation(memoryMB: $0, meanMs: 200, samples: 10_000) }
    let found = try #require(MemoryRule().advice(on: Fixture.subject(function(), usage, seen: seen))).recommendation
    #expect(found.confidence == confidence)
  }
}
