import Engine
import JobModel
import Synchronization

/// A wall clock that stands until it is set, and a timer that never rings: tests take the scheduler's turns themselves.
final class TestClock: TimeSource, WallTimer {
  private let wall: Mutex<Timestamp>

  init(_ now: Timestamp) { wall = Mutex(now) }

  func now() -> Timestamp { wall.withLock { $0 } }
  func set(_ now: Timestamp) { wall.withLock { $0 = now } }
  func advance(by duration: Duration) { wall.withLock { $0 = $0 + duration } }

  func uptime() -> Duration { .zero }
  func sleep(for duration: Duration) async throws {}

  func wait(until: Timestamp?) async throws -> WallTimerEnd { .woken }
  func wake() {}
}

extension Timestamp {
  /// `2026-03-01T12:00:00`, UTC.
  init(_ text: String) {
    let parts = text.split { "-T:".contains($0) }.map { Int64($0)! }
    // Days from civil, after Howard Hinnant.
    let year = parts[1] <= 2 ? parts[0] - 1 : parts[0]
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (parts[1] + (parts[1] > 2 ? -3 : 9)) + 2) / 5 + parts[2] - 1
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    self.init(seconds: days * 86_400 + parts[3] * 3_600 + parts[4] * 60 + (parts.count > 5 ? parts[5] : 0))
  }
}
