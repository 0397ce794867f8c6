import AWSTestServers
import NIOCore
import Synchronization
import Testing

@testable import AWSClient

@Suite struct RetryTests {
  @Test(arguments: [
    ScriptedReply(503, body: Fixture.error(code: "SlowDown")), ScriptedReply(500, body: Fixture.error(code: "InternalError")),
    ScriptedReply(502, body: "<html>bad gateway</html>"), ScriptedReply(isDropped: true),
    ScriptedReply(400, body: Fixture.error(code: "RequestTimeout")),
  ])
  func twoFailuresAreForgiven(failure: ScriptedReply) async throws {
    let still = StillSurroundings()
    try await ScriptedServer.run({ _, number in number < 3 ? failure : ScriptedReply(headers: [("etag", "\"e\"")]) }) {
      server in
      try await Fixture.withS3(at: server.url, still: still) { s3 in
        let eTag = try await s3.putObject(bucket: "b", key: "k", body: .none).eTag
        #expect(eTag == "\"e\"")
      }
      #expect(server.requests.count == 3)
      #expect(still.pauses == [.milliseconds(500), .seconds(1)])
    }
  }

  @Test func theThirdFailureIsReported() async throws {
    try await ScriptedServer.run({ _, _ in
      ScriptedReply(503, body: Fixture.error(code: "SlowDown", message: "Reduce &lt;it&gt;"))
    }) {
      server in
      try await Fixture.withS3(at: server.url) { s3 in
        let error = await #expect(throws: AWSError.self) { try await s3.headBucketForTest() }
        #expect(error?.code == .throttled && error?.attempts == 3)
        #expect(error?.description == "s3.PutObject: Reduce <it> (SlowDown, HTTP 503, request REQ1, 3 attempts)")
        #expect(s3.caller.budget.available == 490)
      }
    }
  }

  @Test func refusalsAreNotTriedAgain() async throws {
    try await ScriptedServer.run({ _, _ in ScriptedReply(403, body: Fixture.error(code: "AccessDenied")) }) { server in
      try await Fixture.withS3(at: server.url) { s3 in
        let error = await #expect(throws: AWSError.self) { try await s3.headBucketForTest() }
        #expect(error?.code == .accessDenied)
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test func aServerThatSaysNothingTimesOut() async throws {
    try await ScriptedServer.run({ _, number in number == 1 ? ScriptedReply(isSilent: true) : ScriptedReply() }) { server in
      try await Fixture.withS3(at: server.url) { s3 in
        try await s3.headBucketForTest()
        #expect(s3.caller.budget.available == RetryBudget.capacity)
      }
      #expect(server.requests.count == 2)
    }
  }

  @Test func aServerThatIsNotThereIsNamed() async throws {
    let url = try await ScriptedServer.run({ _, _ in ScriptedReply() }) { $0.url }
    try await Fixture.withS3(at: url) { s3 in
      let error = await #expect(throws: AWSError.self) { try await s3.headBucketForTest() }
      #expect(error?.code == .connection && error?.attempts == 3)
      #expect(error?.message.contains(url) == true)
    }
  }

  @Test func retryAfterIsWaitedFor() async throws {
    let still = StillSurroundings()
    try await ScriptedServer.run({ _, number in
      number == 1 ? ScriptedReply(503, headers: [("retry-after", "4")]) : ScriptedReply()
    }) { server in
      try await Fixture.withS3(at: server.url, still: still) { try await $0.headBucketForTest() }
    }
    #expect(still.pauses == [.seconds(4)])
  }

  @Test func aWrongClockIsCorrectedOnce() async throws {
    let still = StillSurroundings()
    // 1,790,000,000 is 2026-09-21T14:13:20Z; the server is an hour ahead.
    try await ScriptedServer.run({ request, _ in
      request.header("x-amz-date") == "20260921T151320Z"
        ? ScriptedReply()
        : ScriptedReply(
          403, headers: [("date", "Mon, 21 Sep 2026 15:13:20 GMT")], body: Fixture.error(code: "RequestTimeTooSkewed"))
    }) { server in
      try await Fixture.withS3(at: server.url, still: still) { s3 in
        try await s3.headBucketForTest()
        try await s3.headBucketForTest()
      }
      #expect(server.requests.count == 3 && still.pauses.isEmpty)
    }
  }

  /// All signed with the wrong clock before the first answer came: each is sent again.
  @Test func aWrongClockIsCorrectedForAllThatAreUnderWay() async throws {
    let still = StillSurroundings()
    try await ScriptedServer.run(delay: .milliseconds(50)) { request, _ in
      request.header("x-amz-date") == "20260921T151320Z"
        ? ScriptedReply()
        : ScriptedReply(
          403, headers: [("date", "Mon, 21 Sep 2026 15:13:20 GMT")], body: Fixture.error(code: "RequestTimeTooSkewed"))
    } _: { server in
      try await Fixture.withS3(at: server.url, still: still) { s3 in
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<8 { group.addTask { try await s3.headBucketForTest() } }
          try await group.waitForAll()
        }
      }
      #expect(server.requests.count == 16 && server.mostOpenRequests == 8)
    }
  }

  @Test func aWrongSecretIsNotTakenForAWrongClock() async throws {
    try await ScriptedServer.run({ _, _ in
      ScriptedReply(
        403, headers: [("date", "Mon, 21 Sep 2026 14:13:50 GMT")], body: Fixture.error(code: "SignatureDoesNotMatch"))
    }) { server in
      try await Fixture.withS3(at: server.url) { s3 in
        _ = await #expect(throws: AWSError.self) { try await s3.headBucketForTest() }
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test func expiredCredentialsAreFetchedAnew() async throws {
    let source = CountingSource()
    try await ScriptedServer.run({ request, _ in
      request.header("authorization")?.contains("KEY2/") == true
        ? ScriptedReply() : ScriptedReply(400, body: Fixture.error(code: "ExpiredToken"))
    }) { server in
      let credentials = CachingCredentials(sources: [source])
      try await Fixture.withS3(at: server.url, credentials: credentials) { try await $0.headBucketForTest() }
    }
    #expect(source.fetches == 2)
  }

  @Test func errorsNameTheOtherRegion() async throws {
    try await ScriptedServer.run({ _, _ in
      ScriptedReply(301, headers: [("x-amz-bucket-region", "eu-west-1")], body: Fixture.error(code: "PermanentRedirect"))
    }) { server in
      try await Fixture.withS3(at: server.url) { s3 in
        let error = await #expect(throws: AWSError.self) { try await s3.headBucketForTest() }
        #expect(error?.code == .wrongRegion && error?.region == "eu-west-1")
        #expect(error?.description.contains("eu-west-1") == true)
        let region = try await s3.bucketRegion("b")
        #expect(region == "eu-west-1")
      }
    }
  }

  /// Every way to fail that these tests know, and not one that shows what the request was signed with.
  @Test(arguments: [
    ScriptedReply(403, body: Fixture.error(code: "SignatureDoesNotMatch") + "<AWSAccessKeyId>AKIDHIDDENKEY</AWSAccessKeyId>"),
    ScriptedReply(400, body: "<Error><Code>ExpiredToken</Code><Token-0>hidden-session-token</Token-0></Error>"),
    ScriptedReply(400, body: "{\"__type\":\"x#Wrong\",\"message\":\"no\"}"), ScriptedReply(500, body: "garbage"),
    ScriptedReply(isDropped: true), ScriptedReply(200, body: "<not-xml", cutAfter: 3), ScriptedReply(200, body: "<a/>"),
    ScriptedReply(418), ScriptedReply(isSilent: true),
  ])
  func errorsNeverShowCredentials(reply: ScriptedReply) async throws {
    try await ScriptedServer.run({ _, _ in reply }) { server in
      try await Fixture.withS3(at: server.url) { s3 in
        let error = await #expect(throws: AWSError.self) { try await s3.lifecycle(bucket: "b") }
        var text = "\(error as Any) \(String(reflecting: error)) \(error?.cause.map { "\($0)" } ?? "")"
        dump(error, to: &text)
        for hidden in ["AKIDHIDDENKEY", "hidden-secret-key", "hidden-session-token", "Signature="] {
          #expect(!text.contains(hidden))
        }
        #expect(error?.service == "s3" && error?.operation == "GetBucketLifecycleConfiguration")
      }
    }
  }
}

/// New credentials at every fetch: KEY1, KEY2, …
final class CountingSource: CredentialsSource {
  let name = "a counter"
  let lifetime: Int?
  private let count = Atomic<Int>(0)
  private let started: Int

  init(lifetime: Int? = nil, startedAt: Int = 0) {
    self.lifetime = lifetime
    started = startedAt
  }

  var fetches: Int { count.load(ordering: .relaxed) }

  func fetch() async throws(AWSError) -> Credentials? {
    let number = count.add(1, ordering: .relaxed).newValue
    return Credentials(
      accessKeyID: "KEY\(number)", secretAccessKey: "s", expiresAt: lifetime.map { started + number * $0 })
  }
}

extension S3 {
  /// The smallest call that changes nothing it looks at.
  func headBucketForTest() async throws(AWSError) { try await putObject(bucket: "b", key: "k", body: .none) }
}
