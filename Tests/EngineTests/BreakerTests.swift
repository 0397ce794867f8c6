import Engine
import JobModel
import Testing

/// The breaker, on a clock that the test turns.
struct BreakerTests {
  private static func breaker(failures: Int = 3) -> Breaker {
    var policy = BreakerPolicy()
    policy.failures = failures
    policy.cooldown = .seconds(10)
    return Breaker(policy)
  }

  @Test func failuresInARowOpenIt() {
    var breaker = Self.breaker()
    breaker.failed(at: .zero)
    breaker.failed(at: .zero)
    breaker.succeeded()
    breaker.failed(at: .zero)
    breaker.failed(at: .zero)
    #expect(breaker.admits(at: .zero) == true)
    #expect(!breaker.isTripped)
    breaker.failed(at: .seconds(1))
    #expect(breaker.isTripped && breaker.trips == 1)
    #expect(breaker.opensAgainAt == .seconds(11))
    #expect(breaker.admits(at: .seconds(10)) == false)
  }

  @Test func oneTrialGoesThrough() {
    var breaker = Self.breaker(failures: 1)
    breaker.failed(at: .zero)
    #expect(breaker.admits(at: .seconds(10)) == true)
    let further = [breaker.admits(at: .seconds(10)), breaker.admits(at: .seconds(1_000))]
    #expect(further == [false, false], "a second trial")
    #expect(breaker.isTripped)
    breaker.succeeded()
    #expect(!breaker.isTripped && breaker.trips == 0)
    let closed = [breaker.admits(at: .seconds(10)), breaker.admits(at: .seconds(10))]
    #expect(closed == [true, true])
  }

  @Test func failedTrialsDoubleTheCooldownUpTo32Times() {
    var breaker = Self.breaker(failures: 1)
    breaker.failed(at: .zero)
    var now = Duration.zero
    for factor in [1, 2, 4, 8, 16, 32, 32, 32] {
      #expect(breaker.opensAgainAt == now + .seconds(10 * factor))
      now += .seconds(10 * factor)
      #expect(breaker.admits(at: now - .milliseconds(1)) == false)
      #expect(breaker.admits(at: now) == true)
      breaker.failed(at: now)
    }
  }

  @Test func whatBeganBeforeItOpenedChangesNothing() {
    var breaker = Self.breaker(failures: 1)
    breaker.failed(at: .zero)
    breaker.failed(at: .seconds(9))
    #expect(breaker.opensAgainAt == .seconds(10) && breaker.trips == 1)
  }
}
