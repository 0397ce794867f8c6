import AWSTestServers
import NIOCore
import Testing

@testable import AWSClient

/// Documents that the real server does not make.
@Suite struct DocumentTests {
  static let endpoint = Endpoint(scheme: .https, host: "s3.example.com")

  /// Every element of the S3 API reference's rule, and two rules in a row.
  @Test func aLifecycleRuleIsTheSameAfterReadingAndWriting() throws {
    let text = """
      <LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
      <Rule><ID>a</ID><Filter><And><Prefix>p/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag>
      <ObjectSizeGreaterThan>500</ObjectSizeGreaterThan><ObjectSizeLessThan>64000</ObjectSizeLessThan></And></Filter>
      <Status>Enabled</Status><Transition><Date>2027-01-01T00:00:00.000Z</Date><StorageClass>GLACIER</StorageClass></Transition>
      <Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>
      <NoncurrentVersionTransition><NoncurrentDays>30</NoncurrentDays><NewerNoncurrentVersions>2</NewerNoncurrentVersions>
      <StorageClass>STANDARD_IA</StorageClass></NoncurrentVersionTransition>
      <NoncurrentVersionExpiration><NoncurrentDays>60</NoncurrentDays><NewerNoncurrentVersions>5</NewerNoncurrentVersions>
      </NoncurrentVersionExpiration></Rule>
      <Rule><ID>b</ID><Prefix>legacy</Prefix><Status>Disabled</Status><Expiration><Days>3</Days></Expiration></Rule>
      <Rule><ID>c</ID><Filter><ObjectSizeGreaterThan>131072</ObjectSizeGreaterThan></Filter><Status>Enabled</Status>
      <Expiration><Days>3</Days></Expiration></Rule>
      <Rule><ID>d</ID><Filter><Tag><Key>x</Key><Value></Value></Tag></Filter><Status>Enabled</Status>
      <Expiration><Date>2027-01-01T00:00:00.000Z</Date></Expiration></Rule>
      </LifecycleConfiguration>
      """
    let read = try XMLDocument.decode(
      LifecycleConfiguration.self, root: "LifecycleConfiguration", from: text, endpoint: Self.endpoint)
    #expect(read.rules.map(\.id) == ["a", "b", "c", "d"])
    let and = try #require(read.rules[0].filter?.and)
    #expect(and.prefix == "p/" && and.tags == [Tag("k", "v")])
    #expect(and.objectSizeGreaterThan == 500 && and.objectSizeLessThan == 64_000)
    #expect(read.rules[0].transitions?.first?.date == "2027-01-01T00:00:00.000Z")
    #expect(read.rules[0].expiration?.expiredObjectDeleteMarker == true)
    #expect(read.rules[0].noncurrentTransitions?.first?.newerNoncurrentVersions == 2)
    #expect(read.rules[0].noncurrentExpiration?.newerNoncurrentVersions == 5)
    #expect(read.rules[1].legacyPrefix == "legacy" && !read.rules[1].isEnabled && read.rules[1].filter == nil)
    #expect(read.rules[2].filter?.objectSizeGreaterThan == 131_072)
    #expect(read.rules[3].filter?.tag == Tag("x", ""))
    let written = try XMLDocument.encode(read, root: "LifecycleConfiguration")
    #expect(
      try XMLDocument.decode(
        LifecycleConfiguration.self, root: "LifecycleConfiguration", from: written, endpoint: Self.endpoint) == read)
  }

  @Test func emptyFiltersStay() throws {
    for filter in ["<Filter/>", "<Filter></Filter>", "<Filter><Prefix/></Filter>", "<Filter><Prefix></Prefix></Filter>"] {
      let text = "<LifecycleConfiguration><Rule><ID>a</ID>\(filter)<Status>Enabled</Status></Rule></LifecycleConfiguration>"
      let read = try XMLDocument.decode(
        LifecycleConfiguration.self, root: "LifecycleConfiguration", from: text, endpoint: Self.endpoint)
      #expect(read.rules[0].filter != nil, "\(filter)")
      let written = try XMLDocument.encode(read, root: "LifecycleConfiguration")
      #expect(written.contains("Filter"), "\(written)")
    }
  }

  @Test func tieringsAreSetAndRead() async throws {
    let configuration = IntelligentTieringConfiguration(
      id: "it 1", prefix: "logs/",
      tierings: [.init(accessTier: "ARCHIVE_ACCESS", days: 90), .init(accessTier: "DEEP_ARCHIVE_ACCESS", days: 180)])
    let one = try XMLDocument.encode(configuration, root: "IntelligentTieringConfiguration")
    let inner = one.drop { $0 != "<" }.replacing(" xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"", with: "")
    try await ScriptedServer.run({ request, _ in
      if request.method == "PUT" { return ScriptedReply(String(buffer: request.body) == one ? 200 : 400) }
      if request.method == "DELETE" { return ScriptedReply(204) }
      let isSecond = request.uri.contains("continuation-token=next")
      let rest =
        isSecond
        ? "<IsTruncated>false</IsTruncated>"
        : "<IsTruncated>true</IsTruncated><NextContinuationToken>next</NextContinuationToken>"
      return ScriptedReply(
        body:
          "<ListBucketIntelligentTieringConfigurationsOutput>\(inner)\(rest)</ListBucketIntelligentTieringConfigurationsOutput>"
      )
    }) { server in
      try await Fixture.withS3(at: server.url) { s3 in
        try await s3.setIntelligentTiering(bucket: "b", configuration)
        #expect(try await s3.intelligentTiering(bucket: "b") == [configuration, configuration])
        try await s3.deleteIntelligentTiering(bucket: "b", id: "it 1")
      }
      #expect(server.requests.first?.uri == "/b?id=it%201&intelligent-tiering=")
    }
  }

  @Test func anErrorInsideACopyIsAnError() async throws {
    try await ScriptedServer.run({ request, number in
      number < 3
        ? ScriptedReply(body: "  \n" + Fixture.error(code: "InternalError"))
        : ScriptedReply(body: "<CopyObjectResult><ETag>&quot;e&quot;</ETag></CopyObjectResult>")
    }) { server in
      try await Fixture.withS3(at: server.url) { s3 in
        let place = ObjectPlace(bucket: "b", key: "k")
        let copied = try await s3.copyObject(from: place, to: ObjectPlace(bucket: "b", key: "beside")).eTag
        #expect(copied == "\"e\"")
      }
      #expect(server.requests.count == 3)
    }
  }

  /// The ETag of a part is the MD5 of its bytes; that of the object the MD5 of those.
  @Test func aCompletionWhoseAnswerWasLostIsNoFailure() async throws {
    let parts = [
      UploadedPart(number: 1, eTag: "\"5d41402abc4b2a76b9719d911017c592\""),
      UploadedPart(number: 2, eTag: "\"7d793037a0760186574b0282f2f435e7\""),
    ]
    let expected = try #require(S3.eTag(of: parts))
    for (eTag, isOurs) in [(expected, true), ("\"00000000000000000000000000000000-2\"", false)] {
      try await ScriptedServer.run({ request, number in
        if request.method == "HEAD" { return ScriptedReply(headers: [("etag", eTag)]) }
        return number == 1 ? ScriptedReply(isDropped: true) : ScriptedReply(404, body: Fixture.error(code: "NoSuchUpload"))
      }) { server in
        try await Fixture.withS3(at: server.url) { s3 in
          let place = ObjectPlace(bucket: "b", key: "k")
          if isOurs {
            let completed = try await s3.completeMultipartUpload(to: place, uploadID: "u", parts: parts).eTag
            #expect(completed == expected)
          } else {
            let error = await #expect(throws: AWSError.self) {
              try await s3.completeMultipartUpload(to: place, uploadID: "u", parts: parts)
            }
            #expect(error?.serviceCode == "NoSuchUpload")
          }
        }
      }
    }
  }

  @Test(arguments: [
    "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>", "<html></html>", "<ListBucketResult>", "",
  ])
  func listingsThatWouldEndEarlyAreErrors(body: String) async throws {
    try await ScriptedServer.run({ _, _ in ScriptedReply(body: body) }) { server in
      try await Fixture.withS3(at: server.url) { s3 in
        let error = await #expect(throws: AWSError.self) { for try await _ in s3.listObjects(bucket: "b") {} }
        #expect(error?.code == .malformedResponse)
      }
    }
  }

  @Test func aListingThatGoesInCirclesEnds() async throws {
    let body =
      "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>"
    try await ScriptedServer.run({ _, _ in ScriptedReply(body: body) }) { server in
      try await Fixture.withS3(at: server.url) { s3 in
        let error = await #expect(throws: AWSError.self) { for try await _ in s3.listObjects(bucket: "b") {} }
        #expect(error?.code == .malformedResponse)
      }
      #expect(server.requests.count == 2)
    }
  }

  @Test func bucketsStandWhereTheirAddressingWants() async throws {
    try await Fixture.withTransport { transport in
      let caller = ServiceCaller(
        service: "s3", region: "eu-west-1", transport: transport, credentials: StaticCredentials(Fixture.credentials))
      func url(_ s3: S3, _ bucket: String) throws -> String {
        let request = try s3.request("GetObject", "GET", bucket: bucket, key: "k")
        return request.endpoint.description + request.path
      }
      #expect(try url(S3(caller), "b") == "https://b.s3.eu-west-1.amazonaws.com/k")
      #expect(try url(S3(caller), "b.c") == "https://s3.eu-west-1.amazonaws.com/b.c/k")
      #expect(try url(S3(caller, addressing: .path), "b") == "https://s3.eu-west-1.amazonaws.com/b/k")
      let own = try Endpoint("http://127.0.0.1:9000")
      #expect(try url(S3(caller, endpoint: own), "b") == "http://127.0.0.1:9000/b/k")
      #expect(throws: AWSError.self) { try url(S3(caller), "") }
    }
  }

  /// A document that lists errors is an answer; one that is an error has the status that S3 would have given it.
  @Test func deletionsThatFailedAreTold() async throws {
    let body =
      "<?xml version=\"1.0\"?><DeleteResult><Error><Key>a</Key><Code>AccessDenied</Code><Message>no</Message></Error></DeleteResult>"
    try await ScriptedServer.run({ _, _ in ScriptedReply(body: body) }) { server in
      try await Fixture.withS3(at: server.url) { s3 in
        let failures = try await s3.deleteObjects(bucket: "b", [("a", nil), ("b", nil)])
        #expect(failures.map(\.key) == ["a"] && failures.first?.code == "AccessDenied")
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test(arguments: [
    ("AccessDenied", AWSError.Code.accessDenied, 1), ("PreconditionFailed", .conflict, 1), ("NoSuchKey", .notFound, 1),
    ("InvalidRequest", .refused, 1), ("InternalError", .serviceFailed, 3), ("SlowDown", .throttled, 3),
  ])
  func anErrorAfterTheHeadIsWhatItSays(code: String, expected: AWSError.Code, attempts: Int) async throws {
    let body = "\n \n<?xml version=\"1.0\"?>\n<Error><Code>\(code)</Code><Message>no</Message></Error>"
    try await ScriptedServer.run({ _, _ in ScriptedReply(body: body) }) { server in
      try await Fixture.withS3(at: server.url) { s3 in
        let (one, other) = (ObjectPlace(bucket: "b", key: "a"), ObjectPlace(bucket: "b", key: "c"))
        let error = await #expect(throws: AWSError.self) { try await s3.copyObject(from: one, to: other) }
        #expect(error?.code == expected && error?.attempts == attempts && server.requests.count == attempts)
      }
    }
  }
}
