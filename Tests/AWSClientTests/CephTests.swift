import AWSTestServers
import AsyncHTTPClient
import Foundation
import NIOCore
import Testing

@testable import AWSClient

/// Every S3 call against a real server that checks signatures.
@Suite struct CephTests {
  private func withBucket(
    addressing: S3.Addressing = .automatic, _ body: (S3, String) async throws -> Void
  ) async throws {
    let access = try CephServer.access()
    var endpoint = try Endpoint(access.endpoint)
    if addressing == .virtualHost { (endpoint.host, endpoint.connectsTo) = ("s3.localhost", endpoint.host) }
    var limits = TransportLimits()
    limits.attemptTimeout = .seconds(30)
    try await Fixture.withTransport(limits) { transport in
      let credentials = StaticCredentials(
        Credentials(accessKeyID: access.accessKeyID, secretAccessKey: access.secretAccessKey))
      let caller = ServiceCaller(service: "s3", region: "us-east-1", transport: transport, credentials: credentials)
      let s3 = S3(caller, endpoint: endpoint, addressing: addressing)
      let bucket = "t-" + UUID().uuidString.lowercased()
      try await s3.createBucket(bucket)
      try await body(s3, bucket)
    }
  }

  @Test func whatIsPutComesBack() async throws {
    try await withBucket { s3, bucket in
      var options = PutOptions(
        attributes: ObjectAttributes(
          contentType: "image/jpeg", cacheControl: "max-age=31536000", metadata: ["processed-by": "a b  c"]),
        storageClass: .standardIA)
      options.tags = [Tag("k&=", "v +ä")]
      let put = try await s3.putObject(
        bucket: bucket, key: "a/x.jpg", body: .bytes(ByteBuffer(string: "hello")), options: options)
      let (head, bytes) = try await s3.readObject(bucket: bucket, key: "a/x.jpg")
      #expect(String(buffer: bytes) == "hello")
      #expect(head.eTag == put.eTag && head.length == 5 && head.storageClass == .standardIA)
      #expect(head.attributes.contentType == "image/jpeg" && head.attributes.cacheControl == "max-age=31536000")
      #expect(head.attributes.metadata["processed-by"]?.split(separator: " ").count == 3)
      #expect(try await s3.headObject(bucket: bucket, key: "a/x.jpg").eTag == put.eTag)
      #expect(try await s3.objectTags(bucket: bucket, key: "a/x.jpg") == options.tags)
      let part = try await s3.readObject(bucket: bucket, key: "a/x.jpg", range: 1..<4)
      #expect(String(buffer: part.bytes) == "ell" && part.head.contentRange == "bytes 1-3/5")
      try await s3.deleteObject(bucket: bucket, key: "a/x.jpg")
      let error = await #expect(throws: AWSError.self) { try await s3.headObject(bucket: bucket, key: "a/x.jpg") }
      #expect(error?.code == .notFound)
      let missing = await #expect(throws: AWSError.self) { try await s3.readObject(bucket: bucket, key: "a/x.jpg") }
      #expect(missing?.serviceCode == "NoSuchKey" && missing?.requestID != nil)
    }
  }

  static let oddKeys = [
    "sp ace", "plus+plus", "100%", "%41", "a//b", "//", ".hidden", "./dot", "../up", "a/./b", "a/../b", "trailing/", "/leading",
    "ünï☃", "漢字/かな", "🚂", "q?uestion=1&x#frag", "tilde~star*quote'(paren)", "semi;colon:comma,", "quote\"<angle>&amp;",
    "back\\slash", "[brackets]{braces}|^`", "tab\tand\u{1}control", "e\u{301}", "=", "+", " ",
  ]

  @Test(arguments: [S3.Addressing.path, .virtualHost])
  func oddKeysAreTheirOwn(addressing: S3.Addressing) async throws {
    try await withBucket(addressing: addressing) { s3, bucket in
      for key in Self.oddKeys {
        try await s3.putObject(bucket: bucket, key: key, body: .bytes(ByteBuffer(string: key)))
      }
      var listed: [String] = []
      for try await page in s3.listObjects(bucket: bucket, ListingScope(pageSize: 7)) { listed += page.records.map(\.key) }
      #expect(listed.map { Array($0.utf8) } == Self.oddKeys.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
      for key in Self.oddKeys {
        #expect(String(buffer: try await s3.readObject(bucket: bucket, key: key).bytes) == key, "\(key)")
        let copy = ObjectPlace(bucket: bucket, key: "copy/" + key)
        try await s3.copyObject(from: ObjectPlace(bucket: bucket, key: key), to: copy)
        #expect(String(buffer: try await s3.readObject(bucket: bucket, key: copy.key).bytes) == key, "\(copy)")
      }
      let failures = try await s3.deleteObjects(
        bucket: bucket, Self.oddKeys.filter { !$0.contains("\u{1}") }.map { ($0, nil) })
      #expect(failures.isEmpty)
    }
  }

  @Test func aCopyOntoItselfChangesTheClassAlone() async throws {
    try await withBucket { s3, bucket in
      let place = ObjectPlace(bucket: bucket, key: "k")
      var options = PutOptions(attributes: ObjectAttributes(contentType: "text/x", metadata: ["a": "1"]))
      options.tags = [Tag("t", "1")]
      let put = try await s3.putObject(bucket: bucket, key: "k", body: .bytes(ByteBuffer(string: "body")), options: options)
      try await s3.copy(from: place, to: place, options: CopyOptions(storageClass: .glacierInstantRetrieval, ifMatch: put.eTag))
      let head = try await s3.headObject(bucket: bucket, key: "k")
      #expect(head.storageClass == .glacierInstantRetrieval && head.eTag == put.eTag)
      #expect(head.attributes.metadata == ["a": "1"] && head.attributes.contentType == "text/x")
      #expect(try await s3.objectTags(bucket: bucket, key: "k") == options.tags)
      var replaced = CopyOptions()
      replaced.attributes = ObjectAttributes(contentType: "text/y")
      try await s3.copy(from: place, to: place, options: replaced)
      #expect(try await s3.headObject(bucket: bucket, key: "k").attributes.contentType == "text/y")
      let acl = try await s3.objectACL(bucket: bucket, key: "k")
      try await s3.setObjectACL(bucket: bucket, key: "k", document: acl)
      let error = await #expect(throws: AWSError.self) {
        try await s3.copyObject(from: ObjectPlace(bucket: bucket, key: "absent"), to: place)
      }
      #expect(error?.code == .notFound)
    }
  }

  @Test func filesGoUpInParts() async throws {
    try await withBucket { s3, bucket in
      try await Fixture.withFile(bytes: 11 << 20) { path, bytes in
        let place = ObjectPlace(bucket: bucket, key: "big")
        var options = PutOptions(attributes: ObjectAttributes(contentType: "x/y", metadata: ["m": "1"]))
        options.tags = [Tag("t", "1")]
        let put = try await s3.upload(file: path, to: place, options: options, partBytes: 5 << 20)
        let head = try await s3.headObject(bucket: bucket, key: "big")
        #expect(put.eTag == head.eTag && head.partCount == 3)
        #expect(Array(buffer: try await s3.readObject(bucket: bucket, key: "big").bytes) == bytes)

        let copy = ObjectPlace(bucket: bucket, key: "copy")
        let copied = try await s3.copy(
          from: place, to: copy, options: CopyOptions(storageClass: .standardIA), wholeUpTo: 6 << 20, partBytes: 5 << 20)
        #expect(copied.eTag.contains("-3"))
        let (copyHead, again) = try await s3.readObject(bucket: bucket, key: "copy")
        #expect(Array(buffer: again) == bytes && copyHead.storageClass == .standardIA)
        #expect(copyHead.attributes.contentType == "x/y" && copyHead.attributes.metadata == ["m": "1"])
        #expect(try await s3.objectTags(bucket: bucket, key: "copy") == options.tags)
        for try await page in s3.listUploads(bucket: bucket) { #expect(page.records.isEmpty) }
      }
    }
  }

  @Test func anUploadThatFailsLeavesNothing() async throws {
    try await withBucket { s3, bucket in
      try await Fixture.withFile(bytes: 3 << 20) { path, _ in
        // Parts under 5 MiB are refused when the upload is completed.
        let error = await #expect(throws: AWSError.self) {
          try await s3.upload(file: path, to: ObjectPlace(bucket: bucket, key: "k"), partBytes: 1 << 20)
        }
        #expect(error?.serviceCode == "EntityTooSmall")
      }
      for try await page in s3.listUploads(bucket: bucket) { #expect(page.records.isEmpty) }
    }
  }

  @Test func forgottenUploadsAreListedAndAborted() async throws {
    try await withBucket { s3, bucket in
      let places = ["a", "b +", "c"].map { ObjectPlace(bucket: bucket, key: $0) }
      for place in places { _ = try await s3.createMultipartUpload(to: place) }
      var found: [ListedUpload] = []
      for try await page in s3.listUploads(bucket: bucket, ListingScope(pageSize: 2)) { found += page.records }
      #expect(found.map(\.key) == ["a", "b +", "c"])
      #expect(found.allSatisfy { $0.initiatedAt > 1_700_000_000 })
      for upload in found {
        let place = ObjectPlace(bucket: bucket, key: upload.key)
        try await s3.abortMultipartUpload(to: place, uploadID: upload.uploadID)
        try await s3.abortMultipartUpload(to: place, uploadID: upload.uploadID)
      }
      for try await page in s3.listUploads(bucket: bucket) { #expect(page.records.isEmpty) }
    }
  }

  @Test func listingsAreWholeAndFolded() async throws {
    try await withBucket { s3, bucket in
      let keys = (0..<25).map { "p/\($0 / 10)/" + String(format: "%03d", $0) }
      for key in keys { try await s3.putObject(bucket: bucket, key: key, body: .bytes(ByteBuffer(string: "x"))) }
      var pages: [[ListedObject]] = []
      for try await page in s3.listObjects(bucket: bucket, ListingScope(prefix: "p/", pageSize: 10)) {
        pages.append(page.records)
      }
      #expect(pages.map(\.count) == [10, 10, 5])
      #expect(pages.flatMap { $0.map(\.key) } == keys)
      #expect(pages[0][0].bytes == 1 && pages[0][0].storageClass == .standard && pages[0][0].lastModifiedAt > 1_700_000_000)
      var folded: [String] = []
      for try await page in s3.listObjects(bucket: bucket, ListingScope(prefix: "p/", delimiter: "/", pageSize: 2)) {
        folded += page.commonPrefixes
      }
      #expect(folded == ["p/0/", "p/1/", "p/2/"])
      var after: [String] = []
      for try await page in s3.listObjects(bucket: bucket, ListingScope(startAfter: keys[20])) {
        after += page.records.map(\.key)
      }
      #expect(after == Array(keys[21...]))
    }
  }

  @Test func versionsAreListed() async throws {
    try await withBucket { s3, bucket in
      #expect(try await s3.versioning(bucket: bucket) == .never)
      try await s3.setVersioning(bucket: bucket, .enabled)
      #expect(try await s3.versioning(bucket: bucket) == .enabled)
      for text in ["1", "2", "3"] {
        _ = try await s3.putObject(bucket: bucket, key: "v", body: .bytes(ByteBuffer(string: text)))
      }
      try await s3.deleteObject(bucket: bucket, key: "v")
      var found: [ListedVersion] = []
      for try await page in s3.listVersions(bucket: bucket, ListingScope(pageSize: 2)) { found += page.records }
      #expect(found.count == 4 && found.filter(\.isDeleteMarker).count == 1)
      #expect(found.filter(\.isLatest).map(\.isDeleteMarker) == [true])
      let oldest = try #require(found.last { !$0.isDeleteMarker })
      let read = try await s3.readObject(bucket: bucket, key: "v", versionID: oldest.versionID)
      #expect(String(buffer: read.bytes) == "1")
      let failures = try await s3.deleteObjects(bucket: bucket, found.map { ($0.key, $0.versionID) })
      #expect(failures.isEmpty)
      for try await page in s3.listVersions(bucket: bucket) { #expect(page.records.isEmpty) }
    }
  }

  @Test func lifecycleRulesComeBack() async throws {
    try await withBucket { s3, bucket in
      #expect(try await s3.lifecycle(bucket: bucket).rules.isEmpty)
      var logs = LifecycleRule(id: "carillon-logs", prefix: "logs/")
      logs.transitions = [.init(days: 30, storageClass: .standardIA), .init(days: 90, storageClass: .glacier)]
      logs.expiration = .init(days: 365)
      var old = LifecycleRule(id: "old", prefix: "", isEnabled: false)
      old.noncurrentTransitions = [.init(noncurrentDays: 30, storageClass: .standardIA)]
      old.noncurrentExpiration = .init(noncurrentDays: 365)
      old.abortIncompleteUploads = .init(daysAfterInitiation: 7)
      var tagged = LifecycleRule(id: "tagged", prefix: "x")
      var and = LifecycleRule.Filter.And()
      (and.prefix, and.tags) = ("d/", [Tag("k", "v"), Tag("l", "w")])
      tagged.filter = .init()
      tagged.filter?.and = and
      tagged.expiration = .init(days: 9)
      let rules = [logs, old, tagged]
      try await s3.setLifecycle(bucket: bucket, LifecycleConfiguration(rules: rules))
      let back = try await s3.lifecycle(bucket: bucket).rules
      #expect(Set(back.map(\.id)) == Set(rules.map(\.id)))
      for sent in rules {
        let got = try #require(back.first { $0.id == sent.id })
        #expect(got.meaning == sent.meaning)
      }
      try await s3.deleteLifecycle(bucket: bucket)
      #expect(try await s3.lifecycle(bucket: bucket).rules.isEmpty)
    }
  }

  /// By a client that knows nothing of signing.
  @Test func presignedURLsWork() async throws {
    try await withBucket { s3, bucket in
      let key = "pre signed/ü+%"
      _ = try await s3.putObject(bucket: bucket, key: key, body: .bytes(ByteBuffer(string: "by link")))
      let url = try await s3.presignedGet(bucket: bucket, key: key, expiresIn: 60)
      let answer = try await s3.caller.transport.client.execute(HTTPClientRequest(url: url), timeout: .seconds(10))
      #expect(String(buffer: try await answer.body.collect(upTo: 100)) == "by link")
    }
  }

  @Test func wrongKeysAreRefused() async throws {
    try await withBucket { s3, bucket in
      for (key, secret) in [("AKIDTEST", "wrong"), ("UNKNOWN", "x")] {
        let caller = ServiceCaller(
          service: "s3", region: "us-east-1", transport: s3.caller.transport,
          credentials: StaticCredentials(Credentials(accessKeyID: key, secretAccessKey: secret)))
        let error = await #expect(throws: AWSError.self) {
          for try await _ in S3(caller, endpoint: s3.endpoint).listObjects(bucket: bucket) {}
        }
        #expect(error?.code == .accessDenied && error?.attempts == 1)
      }
    }
  }
}
