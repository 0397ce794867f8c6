package import JobModel

/// Why a wait ended.
package enum WallTimerEnd: Sendable {
  /// The instant has come.
  case reached
  /// The wall clock was set, forwards or back: what is due must be looked at anew.
  case clockSet
  /// `wake` was called.
  case woken
}

/// Waits for an instant of the wall clock, and notices when that clock is set. One waits at a time.
package protocol WallTimer: Sendable {
  /// Returns when `until` has come (nil: never), the clock was set, or `wake` was called, also before this wait began. Throws
  /// `CancellationError` when its task is cancelled, and `EngineError` (`io`) when the system has no timer to give.
  func wait(until: Timestamp?) async throws -> WallTimerEnd
  /// Ends the wait under way, or the next one.
  func wake()
}
