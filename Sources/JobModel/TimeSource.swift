/// Where an engine takes the time from: the system's clocks, or a test's own.
package protocol TimeSource: Sendable {
  /// The wall clock: for instants that are stored. May jump.
  func now() -> Timestamp
  /// A clock that never jumps, from an arbitrary zero: for timeouts and rates.
  func uptime() -> Duration
  /// Returns after `duration`, or throws `CancellationError`.
  func sleep(for duration: Duration) async throws
}

/// The system's wall and monotonic clocks.
package struct SystemTimeSource: TimeSource {
  private static let start = ContinuousClock.now

  package init() {}

  package func now() -> Timestamp { .systemNow() }
  package func uptime() -> Duration { Self.start.duration(to: .now) }
  package func sleep(for duration: Duration) async throws {
    try await Task.sleep(for: duration, tolerance: nil, clock: .continuous)
  }
}
