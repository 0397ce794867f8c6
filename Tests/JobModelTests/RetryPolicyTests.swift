import JobModel
import Testing
import Seeded

/// Delays between attempts, as a property of every policy.
struct RetryPolicyTests {
  @Test(arguments: RetryPolicy.Backoff.allCases, RetryPolicy.Jitter.allCases)
  func delaysKeepToTheirBounds(_ backoff: RetryPolicy.Backoff, _ jitter: RetryPolicy.Jitter) {
    var random = SplitMix(seed: 7)
    for _ in 0..<3_000 {
      let base = Int64.random(in: 0...100_000_000, using: &random)
      let cap = Int64.random(in: base...200_000_000_000, using: &random)
      let attempts = Int.random(in: 1...200, using: &random)
      let policy = RetryPolicy(
        maxAttempts: 5, backoff: backoff, base: .microseconds(base), cap: .microseconds(cap), jitter: jitter)
      let delay = policy.delay(afterAttempts: attempts, requested: nil, using: &random).wholeMicroseconds
      let factor: Double =
        switch backoff {
        case .fixed: 1
        case .linear: Double(attempts)
        case .exponential: (1..<attempts).reduce(1.0) { whole, _ in whole * 2 }
        }
      let whole = min(Double(base) * factor, Double(cap))
      let least = jitter == .none ? whole : jitter == .equal ? whole / 2 : 0
      // A delay is counted in whole microseconds, from seconds as a double.
      #expect(Double(delay) <= whole + 1 && Double(delay) >= least - 2 - whole * 1e-9, "\(policy) after \(attempts): \(delay)")
    }
  }

  @Test func thePluginsWishReplacesTheBackoffAndObeysTheCap() {
    var random = SplitMix(seed: 8)
    let policy = RetryPolicy(base: .seconds(10), cap: .seconds(60), jitter: .full)
    #expect(policy.delay(afterAttempts: 3, requested: .milliseconds(7), using: &random) == .milliseconds(7))
    #expect(policy.delay(afterAttempts: 3, requested: .seconds(3_600), using: &random) == .seconds(60))
    #expect(policy.delay(afterAttempts: 1, requested: .microseconds(Int64.max), using: &random) == .seconds(60))
    let unasked = policy.delay(afterAttempts: 1, requested: .zero, using: &random)
    #expect(unasked <= .seconds(10))
    #expect(policy.delay(afterAttempts: 1, requested: .seconds(-5), using: &random) <= .seconds(10))
  }

  @Test func jitterSpreads() {
    var random = SplitMix(seed: 9)
    let policy = RetryPolicy(backoff: .fixed, base: .seconds(1), jitter: .full)
    let delays = (0..<500).map { _ in policy.delay(afterAttempts: 1, requested: nil, using: &random).inSeconds }
    #expect(delays.min()! < 0.1 && delays.max()! > 0.9)
    #expect(Set(delays).count > 450)
  }

  @Test func aNumberOfAttemptsBeyondMeasureIsNoMatter() {
    var random = SplitMix(seed: 10)
    let policy = RetryPolicy(backoff: .exponential, base: .seconds(1), cap: .seconds(100), jitter: .none)
    for attempts in [0, -3, 63, 64, 1_000, .max] {
      let delay = policy.delay(afterAttempts: attempts, requested: nil, using: &random)
      #expect(delay >= .seconds(1) && delay <= .seconds(100))
    }
  }
}
