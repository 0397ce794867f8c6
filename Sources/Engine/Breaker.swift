package import JobModel

/// A circuit breaker. Pure: the caller brings the time. After Michael Nygard, "Release It!", chapter 5.
package struct Breaker: Sendable {
  private enum State {
    case closed(failures: Int)
    case open(until: Duration, trips: Int)
    /// One trial is under way.
    case halfOpen(trips: Int)
  }

  private let policy: BreakerPolicy
  private var state = State.closed(failures: 0)

  package init(_ policy: BreakerPolicy) { self.policy = policy }

  /// Whether work may begin now, on the monotonic clock. The first caller after the cooldown is the trial; call only for work
  /// that really begins.
  package mutating func admits(at uptime: Duration) -> Bool {
    switch state {
    case .closed: return true
    case .halfOpen: return false
    case .open(let until, let trips):
      guard uptime >= until else { return false }
      state = .halfOpen(trips: trips)
      return true
    }
  }

  /// A trial was let through, and it has neither succeeded nor failed yet.
  package var isTrying: Bool {
    if case .halfOpen = state { true } else { false }
  }

  /// When work may be tried again; nil when it is not open.
  package var opensAgainAt: Duration? {
    if case .open(let until, _) = state { until } else { nil }
  }

  /// It has tripped, and no trial has succeeded since.
  package var isTripped: Bool {
    if case .closed = state { false } else { true }
  }

  /// How often it has tripped in a row; 0 when it is closed.
  package var trips: Int {
    switch state {
    case .closed: 0
    case .open(_, let trips), .halfOpen(let trips): trips
    }
  }

  package mutating func succeeded() { state = .closed(failures: 0) }

  package mutating func failed(at uptime: Duration) {
    switch state {
    case .closed(let failures):
      state = failures + 1 >= policy.failures ? trip(1, uptime) : .closed(failures: failures + 1)
    case .halfOpen(let trips): state = trip(trips + 1, uptime)
    case .open: break  // work that began before it opened
    }
  }

  private func trip(_ trips: Int, _ uptime: Duration) -> State {
    .open(until: uptime + policy.cooldown * (1 << min(trips - 1, 5)), trips: trips)
  }
}
