import AWSClient
import CarillonPlugin
import NIOCore
import Synchronization
import Testing

@testable import S3Lifecycle

/// Versioning that is suspended, or changes while a run is under way, on a real server.
@Suite struct VersioningTests {
  private let cold =
    #""mode":"transition","rules":[{"id":"cold","prefix":"old/","transitions":[{"days":0,"to":"GLACIER_IR"}]}]"#

  private func due(_ bench: Bench, versionID: String?) async throws -> DueObject {
    let head = try await bench.s3.headObject(bucket: bench.bucket, key: "old/x")
    return DueObject(
      key: "old/x", versionID: versionID, bytes: head.length, eTag: head.eTag ?? "", from: .standard,
      to: .glacierInstantRetrieval)
  }

  @Test func theVersionNullIsNotOverwritten() async throws {
    try await Bench.run { bench in
      // Two versions: `null`, from before there were any, and the current one.
      try await bench.put("old/x", bytes: 300 << 10)
      try await bench.s3.setVersioning(bucket: bench.bucket, .enabled)
      try await bench.put("old/x")
      try await bench.s3.setVersioning(bucket: bench.bucket, .suspended)
      let before = try await bench.versions()
      #expect(before.map(\.versionID)[1] == "null")
      let item = try await due(bench, versionID: before[0].versionID)
      let mover = ObjectMover(s3: bench.s3, bucket: bench.bucket, versions: .replace, acl: .keep)
      guard case .left(let reason) = try await mover.move(item) else { return #expect(Bool(false)) }
      #expect(reason.contains("suspended"))
      #expect(try await bench.versions() == before)
    }
  }

  @Test func theVersionNullItselfIsMovedWhereItStands() async throws {
    try await Bench.run { bench in
      try await bench.put("old/x")
      try await bench.s3.setVersioning(bucket: bench.bucket, .enabled)
      try await bench.s3.setVersioning(bucket: bench.bucket, .suspended)
      #expect(try await bench.run(cold).kinds == [.succeeded])
      let versions = try await bench.versions()
      #expect(versions.map(\.versionID) == ["null"] && versions.map(\.storageClass) == [.glacierInstantRetrieval])
    }
  }

  /// Put before there were versions, moved since: the copy has an id, and `null` is what it has replaced.
  @Test func theVersionNullIsReplacedWhereThereAreVersions() async throws {
    try await Bench.run { bench in
      try await bench.put("old/x")
      try await bench.s3.setVersioning(bucket: bench.bucket, .enabled)
      #expect(try await bench.run(cold).kinds == [.succeeded])
      let versions = try await bench.versions()
      #expect(versions.count == 1 && versions[0].versionID != "null")
      #expect(versions[0].storageClass == .glacierInstantRetrieval)
    }
  }

  @Test func versionsThatBeganAfterTheListingAreNotMade() async throws {
    try await Bench.run { bench in
      try await bench.put("old/x")
      let item = try await due(bench, versionID: nil)
      let now = Mutex(ContinuousClock.now)
      let traits = BucketTraits(s3: bench.s3, bucket: bench.bucket) { now.withLock { $0 } }
      #expect(try await traits.versioning() == .never)
      try await bench.s3.setVersioning(bucket: bench.bucket, .enabled)
      #expect(try await traits.versioning() == .never)
      // A minute later it is asked for again.
      now.withLock { $0 += BucketTraits.lifetime }
      let mover = ObjectMover(s3: bench.s3, bucket: bench.bucket, versions: .replace, acl: .keep, traits: traits)
      guard case .left(let reason) = try await mover.move(item) else { return #expect(Bool(false)) }
      #expect(reason.contains("keeps versions"))
      #expect(try await bench.versions().map(\.storageClass) == [.standard])
    }
  }
}
