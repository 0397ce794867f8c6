/// How often and how soon a call is sent again. Pure.
package struct RetryPolicy: Hashable, Sendable {
  /// The first one included; at least 1.
  package var maxAttempts = 3
  package var baseDelay: Duration = .seconds(1)
  package var maxDelay: Duration = .seconds(20)

  package init() {}

  /// The pause after a failed attempt (1 is the first): full jitter below a bound that doubles, but no less than the server
  /// asks for. A server that asks for more than `maxDelay` gets `maxDelay`: a plugin's item has its own retries.
  func delay(afterAttempt attempt: Int, random: Double, serverAsks: Duration?) -> Duration {
    let factor = Double(1 << min(attempt - 1, 16))
    let bound = min(baseDelay * factor, maxDelay)
    return min(max(bound * random, serverAsks ?? .zero), maxDelay)
  }
}
