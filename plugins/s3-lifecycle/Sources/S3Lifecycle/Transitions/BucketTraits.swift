package import AWSClient
import Synchronization

/// What holds for all objects of a bucket while they are moved. Asked for again after a minute, as people change it during a run
/// of hours. Thread-safe.
package final class BucketTraits: Sendable {
  package struct Protection: Hashable, Sendable {
    package var versioning: VersioningStatus
    /// Versions may be locked.
    package var hasLocks: Bool
  }

  static let lifetime: Duration = .seconds(60)

  private let s3: S3
  private let bucket: String
  private let now: @Sendable () -> ContinuousClock.Instant
  private let known = Mutex<(protection: Protection, at: ContinuousClock.Instant)?>(nil)

  private let conditions = Atomic<Bool>(true)

  /// Whether a copy may ask what stands at its destination. True until the store has said that it cannot.
  package var takesDestinationConditions: Bool { conditions.load(ordering: .relaxed) }

  func refusesDestinationConditions() { conditions.store(false, ordering: .relaxed) }

  package init(s3: S3, bucket: String, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
    self.s3 = s3
    self.bucket = bucket
    self.now = now
  }

  /// How the bucket keeps what it has now.
  package func protection() async throws(AWSError) -> Protection {
    if let known = known.withLock({ $0 }), now() - known.at < Self.lifetime { return known.protection }
    let status = try await s3.versioning(bucket: bucket)
    // Locks need versions, which then cannot be suspended.
    let protection = Protection(
      versioning: status, hasLocks: status == .enabled ? try await s3.hasObjectLock(bucket: bucket) : false)
    known.withLock { $0 = (protection, now()) }
    return protection
  }
}
