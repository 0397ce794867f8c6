import AWSClient
import AWSTestServers
import NIOCore
import Testing

@testable import S3Lifecycle

/// Copies that a real server has made and nobody heard of, in a bucket with versions.
@Suite struct LostAnswerTests {
  /// Whole objects keep their ETag, those of parts and those that go in parts do not.
  @Test(arguments: [(11, 64, false), (11, 64, true), (11, 6, true)])
  func theNextAttemptFindsItsCopy(mebibytes: Int, wholeUpTo: Int64, isOfParts: Bool) async throws {
    try await Bench.run { bench in
      try await bench.s3.setVersioning(bucket: bench.bucket, .enabled)
      let place = ObjectPlace(bucket: bench.bucket, key: "old/x")
      var options = PutOptions(attributes: ObjectAttributes(contentType: "text/x", metadata: ["a": "1"]))
      options.tags = [Tag("k", "v")]
      try await bench.put(place.key, bytes: mebibytes << 20, options)
      if isOfParts {
        // Onto itself in parts, and what was there before is gone.
        let before = try await bench.s3.headObject(bucket: bench.bucket, key: place.key)
        try await bench.s3.copy(from: place, to: place, wholeUpTo: 1, partBytes: 6 << 20)
        try await bench.s3.deleteObject(bucket: bench.bucket, key: place.key, versionID: before.versionID)
      }
      let head = try await bench.s3.headObject(bucket: bench.bucket, key: place.key)
      #expect((head.partCount ?? 1) == (isOfParts ? 2 : 1))
      let item = DueObject(
        key: place.key, versionID: head.versionID, bytes: head.length, eTag: head.eTag ?? "", from: .standard, to: .glacier)
      try await LosingProxy.run(before: bench.access.endpoint, losing: 1) { proxy in
        let connection = AWSConnection(bench.settings(endpoint: proxy.url))
        var mover = ObjectMover(s3: try connection.s3(), bucket: bench.bucket, versions: .replace, acl: .keep)
        (mover.wholeUpTo, mover.partBytes) = (wholeUpTo << 20, 6 << 20)
        if head.length <= mover.wholeUpTo {
          let error = await #expect(throws: AWSError.self) { try await mover.move(item) }
          #expect(error?.code == .connection && error?.attempts == 1 && proxy.copies == 1)
          #expect(try await bench.versions().count == 2)
          // Nothing is copied a second time.
          guard case .moved(let moved) = try await mover.move(item) else { return #expect(Bool(false)) }
          #expect(moved.removedVersionID == item.versionID && proxy.copies == 1)
        } else {
          // A part that is copied twice is one part.
          guard case .moved(let moved) = try await mover.move(item) else { return #expect(Bool(false)) }
          #expect(moved.removedVersionID == item.versionID && proxy.copies == 3)
        }
        _ = connection
      }
      #expect(try await bench.versions().map(\.storageClass) == [.glacier])
      let now = try await bench.s3.headObject(bucket: bench.bucket, key: place.key)
      #expect(now.attributes.contentType == "text/x" && now.attributes.metadata["a"] == "1")
      #expect(try await bench.s3.objectTags(bucket: bench.bucket, key: place.key) == options.tags)
    }
  }

  @Test func aVersionOfAnotherIsNeverRemoved() async throws {
    try await Bench.run { bench in
      try await bench.s3.setVersioning(bucket: bench.bucket, .enabled)
      try await bench.put("old/x")
      let head = try await bench.s3.headObject(bucket: bench.bucket, key: "old/x")
      let item = DueObject(
        key: "old/x", versionID: head.versionID, bytes: head.length, eTag: head.eTag ?? "", from: .standard, to: .glacier)
      // Somebody put the same number of bytes, and the class that was wanted.
      let other = ByteBuffer(repeating: 7, count: Int(head.length))
      try await bench.s3.putObject(
        bucket: bench.bucket, key: "old/x", body: .bytes(other),
        options: PutOptions(attributes: .init(), storageClass: .glacier))
      let mover = ObjectMover(s3: bench.s3, bucket: bench.bucket, versions: .replace, acl: .keep)
      guard case .left(let reason) = try await mover.move(item) else { return #expect(Bool(false)) }
      #expect(reason.contains("stays"))
      #expect(try await bench.versions().count == 2)
    }
  }

  /// The same bytes put again are another version: what was listed is not what is there.
  @Test func anotherVersionOfTheSameBytesIsLeft() async throws {
    try await Bench.run { bench in
      try await bench.s3.setVersioning(bucket: bench.bucket, .enabled)
      try await bench.put("old/x")
      let head = try await bench.s3.headObject(bucket: bench.bucket, key: "old/x")
      let item = DueObject(
        key: "old/x", versionID: head.versionID, bytes: head.length, eTag: head.eTag ?? "", from: .standard, to: .glacier)
      try await bench.put("old/x")
      let mover = ObjectMover(s3: bench.s3, bucket: bench.bucket, versions: .replace, acl: .keep)
      #expect(try await mover.move(item) == .left("it has changed since it was listed"))
      #expect(try await bench.versions().map(\.storageClass) == [.standard, .standard])
    }
  }
}
