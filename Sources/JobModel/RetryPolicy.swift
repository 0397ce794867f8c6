/// When a failed item is tried again, and how often.
package struct RetryPolicy: Hashable, Sendable, Codable {
  /// How the delay grows with the attempts already charged.
  package enum Backoff: String, Sendable, Codable, CaseIterable {
    /// `base`, always.
    case fixed
    /// `base × attempts`.
    case linear
    /// `base × 2^(attempts − 1)`.
    case exponential
  }

  /// How a delay is spread so that items that failed together do not come back together. After Marc Brooker, "Exponential
  /// Backoff And Jitter", AWS Architecture Blog, 2015.
  package enum Jitter: String, Sendable, Codable, CaseIterable {
    /// The delay as it is.
    case none
    /// Uniform in 0 … delay.
    case full
    /// Half the delay, plus uniform in 0 … half the delay.
    case equal
  }

  /// Attempts charged before an item is a dead letter. At least 1. Default 5.
  package var maxAttempts: Int
  /// Default exponential.
  package var backoff: Backoff
  /// The first delay. Default 1 s.
  package var base: Duration
  /// No delay is longer, whatever the plugin asks for. Default 1 h.
  package var cap: Duration
  /// Default equal.
  package var jitter: Jitter

  package init(
    maxAttempts: Int = 5, backoff: Backoff = .exponential, base: Duration = .seconds(1), cap: Duration = .seconds(3_600),
    jitter: Jitter = .equal
  ) {
    self.maxAttempts = maxAttempts
    self.backoff = backoff
    self.base = base
    self.cap = cap
    self.jitter = jitter
  }

  /// How long to wait after the `attempts`-th charged attempt failed (1 or more). `requested` is the plugin's own wish; it
  /// replaces the backoff, is not jittered, and obeys the cap.
  package func delay(
    afterAttempts attempts: Int, requested: Duration?, using generator: inout some RandomNumberGenerator
  ) -> Duration {
    if let requested, requested > .zero { return min(requested, cap) }
    let base = base.inSeconds
    let capSeconds = cap.inSeconds
    let factor =
      switch backoff {
      case .fixed: 1.0
      case .linear: Double(max(1, attempts))
      case .exponential: Double(sign: .plus, exponent: min(max(0, attempts - 1), 62), significand: 1)
      }
    let whole = min(base * factor, capSeconds)
    let jittered =
      switch jitter {
      case .none: whole
      case .full: Double.random(in: 0...whole, using: &generator)
      case .equal: whole / 2 + Double.random(in: 0...(whole / 2), using: &generator)
      }
    return .microseconds(Int64(jittered * 1_000_000))
  }
}
