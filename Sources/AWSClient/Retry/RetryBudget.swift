import Synchronization

/// The token bucket of the SDKs' standard mode: 500 tokens; a retry takes 5, one after a timeout 10; a retry that succeeds
/// gives back what it took, a first attempt that succeeds gives 1. When it is empty nothing is retried, so that a service
/// in trouble is not hit harder. Thread-safe.
package final class RetryBudget: Sendable {
  package static let capacity = 500
  private let tokens: Mutex<Int>

  package init(tokens: Int = capacity) { self.tokens = Mutex(tokens) }

  package var available: Int { tokens.withLock { $0 } }

  /// What the retry took, or `nil` when the bucket has too little.
  func take(for kind: RetryKind) -> Int? {
    let cost = kind == .timeout ? 10 : 5
    return tokens.withLock { tokens in
      guard tokens >= cost else { return nil }
      tokens -= cost
      return cost
    }
  }

  func succeeded(after cost: Int?) { tokens.withLock { $0 = min(Self.capacity, $0 + (cost ?? 1)) } }
}
