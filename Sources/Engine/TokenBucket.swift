package import JobModel

/// How many items may begin now under a rate limit. Pure: the caller brings the monotonic time.
package struct TokenBucket: Sendable {
  private let limit: RateLimit
  private var tokens: Double
  private var filledAt: Duration

  package init(_ limit: RateLimit, at uptime: Duration) {
    self.limit = limit
    tokens = Double(limit.count)
    filledAt = uptime
  }

  private var perSecond: Double { Double(limit.count) / max(limit.interval.inSeconds, 1e-6) }

  /// Whole tokens that can be taken now.
  package mutating func available(at uptime: Duration) -> Int {
    tokens = min(Double(limit.count), tokens + (uptime - filledAt).inSeconds * perSecond)
    filledAt = uptime
    return Int(tokens)
  }

  /// Takes tokens that `available` has just promised.
  package mutating func take(_ count: Int) { tokens -= Double(count) }

  /// When the next whole token will be there.
  package var nextAt: Duration { filledAt + .microseconds(Int64(max(0, 1 - tokens) / perSecond * 1_000_000) + 1) }
}
