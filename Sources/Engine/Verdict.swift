package import JobModel

/// What an attempt means for its item: the engine's judgement of what the plugin said, or of how its worker ended. Pure.
package struct Verdict: Sendable, Hashable {
  package var state: ItemState
  /// Charged after this attempt.
  package var attempts: Int
  package var deaths: Int
  package var dueAt: Timestamp?
  /// nil when the attempt ended the item by itself.
  package var cause: RetryCause?

  /// Deaths of a worker, with the item alone in it, that poison the item.
  package static let fatalDeaths = 3

  /// What the plugin said of an item with `attempts` charged before this attempt. `wish` is the delay it asked for.
  package static func of(
    _ kind: OutcomeKind, attempts: Int, deaths: Int, wish: Duration?, policy: RetryPolicy, at now: Timestamp,
    timedOut: Bool = false, using generator: inout some RandomNumberGenerator
  ) -> Verdict {
    switch kind {
    case .succeeded: Verdict(state: .succeeded, attempts: attempts + 1, deaths: deaths)
    case .skipped: Verdict(state: .skipped, attempts: attempts + 1, deaths: deaths)
    case .failed: Verdict(state: .dead, attempts: attempts + 1, deaths: deaths, cause: timedOut ? .timeout : .item)
    case .retry:
      charged(
        timedOut ? .timeout : .item, attempts: attempts, deaths: deaths, wish: wish, policy: policy, at: now, using: &generator)
    case .rateLimited:
      free(.rateLimit, attempts: attempts, deaths: deaths, wish: wish, policy: policy, at: now, using: &generator)
    case .unavailable:
      free(.unavailable, attempts: attempts, deaths: deaths, wish: wish, policy: policy, at: now, using: &generator)
    }
  }

  /// The item was still open when its time was up.
  package static func timeout(
    attempts: Int, deaths: Int, policy: RetryPolicy, at now: Timestamp, using generator: inout some RandomNumberGenerator
  ) -> Verdict {
    charged(.timeout, attempts: attempts, deaths: deaths, wish: nil, policy: policy, at: now, using: &generator)
  }

  /// The worker died with this item alone in it.
  package static func death(
    attempts: Int, deaths: Int, policy: RetryPolicy, at now: Timestamp, using generator: inout some RandomNumberGenerator
  ) -> Verdict {
    guard deaths + 1 < fatalDeaths else {
      return Verdict(state: .poisoned, attempts: attempts, deaths: deaths + 1, cause: .poison)
    }
    let delay = policy.delay(afterAttempts: deaths + 1, requested: nil, using: &generator)
    return Verdict(state: .retrying, attempts: attempts, deaths: deaths + 1, dueAt: now + delay, cause: .poison)
  }

  /// Carillon's side failed the item: it is tried again at once and pays nothing.
  package static func infrastructure(attempts: Int, deaths: Int, at now: Timestamp) -> Verdict {
    Verdict(state: .retrying, attempts: attempts, deaths: deaths, dueAt: now, cause: .infrastructure)
  }

  private static func charged(
    _ cause: RetryCause, attempts: Int, deaths: Int, wish: Duration?, policy: RetryPolicy, at now: Timestamp,
    using generator: inout some RandomNumberGenerator
  ) -> Verdict {
    let charged = attempts + 1
    guard charged < policy.maxAttempts else {
      return Verdict(state: .dead, attempts: charged, deaths: deaths, cause: cause)
    }
    let delay = policy.delay(afterAttempts: charged, requested: wish, using: &generator)
    return Verdict(state: .retrying, attempts: charged, deaths: deaths, dueAt: now + delay, cause: cause)
  }

  private static func free(
    _ cause: RetryCause, attempts: Int, deaths: Int, wish: Duration?, policy: RetryPolicy, at now: Timestamp,
    using generator: inout some RandomNumberGenerator
  ) -> Verdict {
    let delay = policy.delay(afterAttempts: 1, requested: wish, using: &generator)
    return Verdict(state: .retrying, attempts: attempts, deaths: deaths, dueAt: now + delay, cause: cause)
  }
}
