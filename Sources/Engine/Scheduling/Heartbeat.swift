package import JobModel
import Synchronization

/// Signs of life of a scheduler, for a watchdog and for metrics. May be read from anywhere.
package final class Heartbeat: Sendable {
  /// How late instants were taken up, or their runs durable, since the scheduler began: counts by upper bound.
  package struct Histogram: Sendable {
    /// Upper bounds in seconds, inclusive; what is above the last one is in no bucket, only in `count`.
    package static let bounds: [Double] = [
      0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5,
    ]
    /// Not cumulative; one for each bound.
    package private(set) var buckets = [Int](repeating: 0, count: bounds.count)
    package private(set) var count = 0
    /// Seconds.
    package private(set) var sum = 0.0
    package private(set) var max = 0.0

    package init() {}

    mutating func add(_ lateness: Duration) {
      let seconds = Swift.max(0, lateness.inSeconds)
      if let index = Self.bounds.firstIndex(where: { seconds <= $0 }) { buckets[index] += 1 }
      count += 1
      sum += seconds
      max = Swift.max(max, seconds)
    }
  }

  private struct State {
    var last = Duration.zero
    var problem: String?
    var lateness = Histogram()
    var durableLateness = Histogram()
    var fates: [InstantFate: Int] = [:]
  }

  private let state = Mutex(State())

  package init() {}

  /// Uptime (of the scheduler's `TimeSource`) at its last turn. A turn comes when something is due and after `Scheduler.poke`.
  package var last: Duration { state.withLock { $0.last } }
  /// Why the ledger cannot be written at present; nil: it can.
  package var problem: String? { state.withLock { $0.problem } }
  /// From an instant to the moment at which the scheduler took it up; on-time ones only.
  package var lateness: Histogram { state.withLock { $0.lateness } }
  /// From an instant to the moment at which its row and its run were durable.
  package var durableLateness: Histogram { state.withLock { $0.durableLateness } }
  /// Instants judged since the scheduler began.
  package var fates: [InstantFate: Int] { state.withLock { $0.fates } }

  func turned(at uptime: Duration, problem: String?) {
    state.withLock {
      $0.last = uptime
      $0.problem = problem
    }
  }

  func fired(late: Duration, durableAfter: Duration) {
    state.withLock {
      $0.lateness.add(late)
      $0.durableLateness.add(durableAfter)
    }
  }

  func judged(_ fate: InstantFate, count: Int) { state.withLock { $0.fates[fate, default: 0] += count } }
}
