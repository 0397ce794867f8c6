import Testing

@testable import CostOptimizer

@Suite struct DurationModelTests {
  private typealias Seen = DurationModel.Observation

  @Test func withoutAFitHalfOfARunIsWork() {
    let model = DurationModel([Seen(memoryMB: 1_024, meanMs: 100, samples: 10_000)])
    #expect(model.fit == nil)
    #expect(model.factor(from: 1_024, to: 512) == 1.5 && model.worstFactor(from: 1_024, to: 512) == 2)
    #expect(model.factor(from: 1_024, to: 1_024) == 1 && model.factor(from: 1_024, to: nil) == 1)
  }

  @Test(arguments: [2_048, 4_096, 10_240])
  func memoryNeverMakesItMoreThanTwiceAsFast(_ size: Int) {
    #expect(DurationModel([]).factor(from: 128, to: size) >= 0.5)
    #expect(DurationModel([]).worstFactor(from: 128, to: size) == 0.5)
  }

  @Test func twoSizesTellWaitingFromWork() throws {
    // 40 ms of waiting and 81,920 ms × MB of work: 200 ms at 512 MB, 120 ms at 1,024 MB.
    let model = DurationModel([
      Seen(memoryMB: 512, meanMs: 200, samples: 5_000), Seen(memoryMB: 1_024, meanMs: 120, samples: 50_000),
    ])
    let fit = try #require(model.fit)
    #expect(abs(fit.waiting - 40) < 1e-6 && abs(fit.work - 81_920) < 1e-3)
    #expect(abs(model.factor(from: 1_024, to: 256) - 3) < 1e-9)
    #expect(model.worstFactor(from: 1_024, to: 256) == model.factor(from: 1_024, to: 256))
  }

  @Test func whatGrowsWithMemoryIsAllWaiting() throws {
    let fit = try #require(
      DurationModel([Seen(memoryMB: 512, meanMs: 100, samples: 100), Seen(memoryMB: 1_024, meanMs: 110, samples: 300)]).fit)
    #expect(fit.work == 0 && abs(fit.waiting - 107.5) < 1e-9)
  }

  @Test func whatFallsFasterThanMemoryIsAllWork() throws {
    let fit = try #require(
      DurationModel([Seen(memoryMB: 512, meanMs: 400, samples: 1_000), Seen(memoryMB: 1_024, meanMs: 100, samples: 1_000)]).fit)
    #expect(fit.waiting == 0 && fit.work > 0)
  }

  @Test func fewRunsAndNearSizesSayNothing() {
    #expect(
      DurationModel([Seen(memoryMB: 512, meanMs: 1, samples: 99), Seen(memoryMB: 1_024, meanMs: 1, samples: 500)]).fit == nil)
    #expect(
      DurationModel([Seen(memoryMB: 512, meanMs: 1, samples: 500), Seen(memoryMB: 600, meanMs: 1, samples: 500)]).fit == nil)
  }
}
