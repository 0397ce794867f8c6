internal import Synchronization

/// What the store has done since it was opened.
package struct StoreStatistics: Sendable {
  /// Bytes of the database file and of its WAL, now.
  package var fileBytes = 0
  package var walBytes = 0
  /// The most that the WAL has held, in bytes.
  package var walPeakBytes = 0
  package var checkpoints = 0
  /// Why the last checkpoint failed; nil when it did not. Commits are safe in the WAL all the same.
  package var checkpointFailure: StoreError?
  package var commits = 0
  /// Rows written by all commits.
  package var rows = 0
  /// Commits by how long they took: at index i those under 2^i microseconds that were not under 2^(i−1).
  package var commitMicroseconds = [Int](repeating: 0, count: 32)

  /// The bound under which this share (0 … 1) of the commits took, to a factor of two. `.zero` before the first.
  package func commitQuantile(_ share: Double) -> Duration {
    let wanted = Double(commits) * share
    var seen = 0
    for (index, count) in commitMicroseconds.enumerated() where count > 0 {
      seen += count
      if Double(seen) >= wanted { return .microseconds(1 << index) }
    }
    return .zero
  }
}

/// Gathers the statistics.
final class Meter: Sendable {
  private let statistics = Mutex(StoreStatistics())

  var snapshot: StoreStatistics { statistics.withLock { $0 } }

  func countCommit(rows: Int, took duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let microseconds = max(0, seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    let index = min(31, Int64.bitWidth - microseconds.leadingZeroBitCount)
    statistics.withLock {
      $0.commits += 1
      $0.rows += rows
      $0.commitMicroseconds[index] += 1
    }
  }

  func note(_ log: WriteAheadLog) {
    let peak = log.peakPages * WriteAheadLog.frameBytes
    let (checkpoints, failure) = (log.checkpoints, log.lastFailure)
    statistics.withLock {
      $0.walPeakBytes = max($0.walPeakBytes, peak)
      $0.checkpoints = checkpoints
      $0.checkpointFailure = failure
    }
  }
}
