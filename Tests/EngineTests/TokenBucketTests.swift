import Engine
import JobModel
import Testing
import Seeded

struct TokenBucketTests {
  @Test func itBeginsFullAndFillsEvenly() {
    var bucket = TokenBucket(RateLimit(count: 10, interval: .seconds(1)), at: .zero)
    #expect(bucket.available(at: .zero) == 10)
    bucket.take(10)
    #expect(bucket.available(at: .zero) == 0)
    #expect(bucket.available(at: .milliseconds(99)) == 0)
    #expect(bucket.available(at: .milliseconds(101)) == 1)
    #expect(bucket.available(at: .milliseconds(501)) == 5)
    #expect(bucket.available(at: .seconds(3_600)) == 10, "it holds no more than its count")
  }

  @Test func theNextTokenIsThereWhenItIsPromised() {
    var random = SplitMix(seed: 31)
    for _ in 0..<2_000 {
      let count = Int.random(in: 1...500, using: &random)
      let limit = RateLimit(count: count, interval: .microseconds(Int64.random(in: 1_000...60_000_000, using: &random)))
      var bucket = TokenBucket(limit, at: .zero)
      bucket.take(bucket.available(at: .zero))
      let promised = bucket.nextAt
      #expect(bucket.available(at: promised) >= 1, "\(limit)")
    }
  }

  @Test func noMoreIsGivenThanTheRateAllows() {
    var random = SplitMix(seed: 32)
    let limit = RateLimit(count: 7, interval: .milliseconds(100))
    var bucket = TokenBucket(limit, at: .zero)
    var given = 0
    var now = Duration.zero
    for _ in 0..<20_000 {
      now += .microseconds(Int64.random(in: 0...20_000, using: &random))
      let taken = Int.random(in: 0...bucket.available(at: now), using: &random)
      bucket.take(taken)
      given += taken
      #expect(Double(given) <= 7 + now.inSeconds * 70 + 0.001)
    }
    #expect(given > 7_000)
  }
}
