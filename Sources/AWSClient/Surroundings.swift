import Foundation

/// The clock, the waiting and the dice of a client; tests bring their own.
package struct Surroundings: Sendable {
  /// Seconds since 1970.
  package var now: @Sendable () -> Int
  /// Returns early, with an error, when the caller is cancelled.
  package var sleep: @Sendable (Duration) async throws -> Void
  /// 0 or more, and less than 1.
  package var random: @Sendable () -> Double
  /// `nil` where it is not set.
  package var environment: @Sendable (String) -> String?

  package init(
    now: @escaping @Sendable () -> Int = { Int(Date().timeIntervalSince1970) },
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
    random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
    environment: @escaping @Sendable (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
  ) {
    self.now = now
    self.sleep = sleep
    self.random = random
    self.environment = environment
  }
}
