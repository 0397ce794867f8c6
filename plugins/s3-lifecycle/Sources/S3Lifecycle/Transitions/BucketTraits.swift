package import AWSClient
import Synchronization

/// What holds for all objects of a bucket while they are moved. Asked for again after a minute, as people change it during a run
/// of hours. Thread-safe.
package final class BucketTraits: Sendable {
  static let lifetime: Duration = .seconds(60)

  private let s3: S3
  private let bucket: String
  private let now: @Sendable () -> ContinuousClock.Instant
  private let known = Mutex<(versioning: VersioningStatus, at: ContinuousClock.Instant)?>(nil)

  private let conditions = Atomic<Bool>(true)

  /// Whether a copy may ask what stands at its destination. True until the store has said that it cannot.
  package var takesDestinationConditions: Bool { conditions.load(ordering: .relaxed) }

  func refusesDestinationConditions() { conditions.store(false, ordering: .relaxed) }

  package init(s3: S3, bucket: String, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
    self.s3 = s3
    self.bucket = bucket
    self.now = now
  }

  /// Whether the bucket keeps versions now.
  package func versioning() async throws(AWSError) -> VersioningStatus {
    if let known = known.withLock({ $0 }), now() - known.at < Self.lifetime { return known.versioning }
    let status = try await s3.versioning(bucket: bucket)
    known.withLock { $0 = (status, now()) }
    return status
  }
}
