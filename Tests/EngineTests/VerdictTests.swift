import JobModel
import Testing

@testable import Engine
import Seeded

/// What an attempt means, case by case.
struct VerdictTests {
  private static let now = Timestamp(microseconds: 1_000_000_000)
  private static let policy = RetryPolicy(maxAttempts: 3, backoff: .fixed, base: .seconds(2), jitter: .none)

  private static func of(_ kind: OutcomeKind, attempts: Int, wish: Duration? = nil, timedOut: Bool = false) -> Verdict {
    var random = SplitMix(seed: 1)
    return .of(
      kind, attempts: attempts, deaths: 1, wish: wish, policy: policy, at: now, timedOut: timedOut, using: &random)
  }

  @Test func endsAreEnds() {
    #expect(Self.of(.succeeded, attempts: 2) == Verdict(state: .succeeded, attempts: 3, deaths: 1))
    #expect(Self.of(.skipped, attempts: 0) == Verdict(state: .skipped, attempts: 1, deaths: 1))
    #expect(Self.of(.failed, attempts: 0) == Verdict(state: .dead, attempts: 1, deaths: 1, cause: .item))
    #expect(Self.of(.failed, attempts: 0, timedOut: true).cause == .timeout)
  }

  @Test func aRetryIsChargedUntilAttemptsAreSpent() {
    let due = Self.now + .seconds(2)
    #expect(Self.of(.retry, attempts: 0) == Verdict(state: .retrying, attempts: 1, deaths: 1, dueAt: due, cause: .item))
    #expect(Self.of(.retry, attempts: 1).state == .retrying)
    #expect(Self.of(.retry, attempts: 2) == Verdict(state: .dead, attempts: 3, deaths: 1, cause: .item))
    #expect(Self.of(.retry, attempts: 0, wish: .seconds(9)).dueAt == Self.now + .seconds(9))
    #expect(Self.of(.retry, attempts: 0, timedOut: true).cause == .timeout)
  }

  @Test(arguments: [(OutcomeKind.rateLimited, RetryCause.rateLimit), (.unavailable, .unavailable)])
  func whatIsNotTheItemsFaultIsFree(_ kind: OutcomeKind, _ cause: RetryCause) {
    for attempts in [0, 2, 50] {
      let verdict = Self.of(kind, attempts: attempts, wish: .seconds(4))
      #expect(
        verdict
          == Verdict(state: .retrying, attempts: attempts, deaths: 1, dueAt: Self.now + .seconds(4), cause: cause))
      #expect(!cause.costsAttempt)
    }
  }

  @Test func theThirdDeathPoisons() {
    var random = SplitMix(seed: 1)
    for deaths in 0...2 {
      let verdict = Verdict.death(attempts: 1, deaths: deaths, policy: Self.policy, at: Self.now, using: &random)
      #expect(verdict.state == (deaths == 2 ? .poisoned : .retrying))
      #expect(verdict.deaths == deaths + 1 && verdict.attempts == 1 && verdict.cause == .poison)
    }
  }

  @Test func everyVerdictIsAMoveThatTheModelAllows() {
    for kind in OutcomeKind.allCases {
      for attempts in 0...4 { #expect(ItemState.leased.allows(Self.of(kind, attempts: attempts).state)) }
    }
    let free = Verdict.infrastructure(attempts: 2, deaths: 1, at: Self.now)
    #expect(free == Verdict(state: .retrying, attempts: 2, deaths: 1, dueAt: Self.now, cause: .infrastructure))
  }
}
