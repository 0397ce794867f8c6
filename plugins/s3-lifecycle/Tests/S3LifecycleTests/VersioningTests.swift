@testable import AWSClient
import CarillonPlugin
import CarillonPluginTesting
import Foundation
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

  /// Under legal hold, under retention, and neither: in a bucket where versions may be locked.
  @Test func whatIsLockedStays() async throws {
    try await Bench.run { bench in
      let bucket = bench.bucket + "-lock"
      let bench = Bench(s3: bench.s3, bucket: bucket, access: bench.access)
      try await bench.s3.createBucket(bucket, hasObjectLock: true)
      for key in ["old/held", "old/kept", "old/free"] { try await bench.put(key) }
      try await bench.s3.setLock(bucket: bucket, key: "old/held", .legalHold)
      try await bench.s3.setLock(bucket: bucket, key: "old/kept", .governance(untilSecondsFromNow: 3_600))
      let record = try await bench.run(cold)
      for key in ["old/held", "old/kept"] {
        #expect(record.completion("object/" + key)?.reason == "it is locked, and a copy would not be")
        #expect(try await bench.s3.isLocked(bucket: bucket, key: key))
      }
      #expect(record.completion("object/old/free")?.kind == .succeeded)
      let versions = try await bench.versions()
      #expect(versions.map(\.key) == ["old/free", "old/held", "old/kept"])
      #expect(versions.map(\.storageClass) == [.glacierInstantRetrieval, .standard, .standard])
    }
  }

  @Test func versionsThatBeganAfterTheListingAreNotMade() async throws {
    try await Bench.run { bench in
      try await bench.put("old/x")
      let item = try await due(bench, versionID: nil)
      let now = Mutex(ContinuousClock.now)
      let traits = BucketTraits(s3: bench.s3, bucket: bench.bucket) { now.withLock { $0 } }
      #expect(try await traits.protection().versioning == .never)
      try await bench.s3.setVersioning(bucket: bench.bucket, .enabled)
      #expect(try await traits.protection().versioning == .never)
      // A minute later it is asked for again.
      now.withLock { $0 += BucketTraits.lifetime }
      let mover = ObjectMover(s3: bench.s3, bucket: bench.bucket, versions: .replace, acl: .keep, traits: traits)
      guard case .left(let reason) = try await mover.move(item) else { return #expect(Bool(false)) }
      #expect(reason.contains("keeps versions"))
      #expect(try await bench.versions().map(\.storageClass) == [.standard])
    }
  }
}

extension S3 {
  fileprivate enum Lock {
    case legalHold
    case governance(untilSecondsFromNow: Int)
  }

  /// As somebody does who locks objects: this plugin never does.
  fileprivate func setLock(bucket: String, key: String, _ lock: Lock) async throws {
    let (part, document) =
      switch lock {
      case .legalHold: ("legal-hold", "<LegalHold><Status>ON</Status></LegalHold>")
      case .governance(let seconds):
        (
          "retention",
          "<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>"
            + Date(timeIntervalSinceNow: Double(seconds)).formatted(.iso8601) + "</RetainUntilDate></Retention>"
        )
      }
    var request = try request("PutLock", "PUT", bucket: bucket, key: key, query: [(part, "")])
    Self.attach(document, to: &request)
    _ = try await send(request)
  }

  fileprivate func createBucket(_ bucket: String, hasObjectLock: Bool) async throws {
    var request = try request("CreateBucket", "PUT", bucket: bucket)
    request.headers.append(("x-amz-bucket-object-lock-enabled", "\(hasObjectLock)"))
    _ = try await send(request)
  }
}
