import AWSClient
import AWSTestServers
import CarillonPlugin
import CarillonPluginTesting
import Foundation
import NIOCore
import Synchronization
import Testing

@testable import S3Lifecycle

/// What goes wrong on the way, scripted: each ends in another attempt that does it once, or in a clear error.
@Suite struct FaultTests {
  static let listing = """
    <?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>old/a</Key>\
    <LastModified>2020-01-01T00:00:00.000Z</LastModified><ETag>"e1"</ETag><Size>10000000</Size>\
    <StorageClass>STANDARD</StorageClass></Contents></ListBucketResult>
    """

  /// A bucket with one object that is due, as long as nothing of it was copied.
  static func answer(_ request: ScriptedRequest, isCopied: Bool) -> ScriptedReply {
    switch (request.method, request.uri) {
    case ("HEAD", _):
      return ScriptedReply(headers: [
        ("etag", "\"e1\""), ("content-length", "10000000"), ("x-amz-storage-class", isCopied ? "GLACIER" : "STANDARD"),
      ])
    case ("PUT", _):
      return ScriptedReply(body: "<CopyObjectResult><ETag>\"e1\"</ETag></CopyObjectResult>")
    case (_, let uri) where uri.contains("lifecycle"): return error(404, "NoSuchLifecycleConfiguration")
    case (_, let uri) where uri.contains("versioning"):
      return ScriptedReply(body: "<VersioningConfiguration></VersioningConfiguration>")
    case (_, let uri) where uri.contains("uploads"):
      return ScriptedReply(body: "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>")
    case (_, let uri) where uri.contains("list-type"):
      return ScriptedReply(body: listing)
    default: return error(404, "NoSuchKey")
    }
  }

  static func error(_ status: Int, _ code: String, region: String = "") -> ScriptedReply {
    ScriptedReply(
      status, headers: [("x-amz-request-id", "REQ")],
      body:
        "<Error><Code>\(code)</Code><Message>scripted</Message>\(region.isEmpty ? "" : "<Region>\(region)</Region>")</Error>")
  }

  static func config(_ url: String) -> String {
    #"{"bucket":"b","mode":"transition","acl":"drop","aws":{"endpoint":"\#(url)","region":"us-east-1","accessKeyId":"AK","secretAccessKey":"hidden-secret"},"#
      + #""rules":[{"id":"x","prefix":"old/","transitions":[{"days":30,"to":"GLACIER"}]}]}"#
  }

  private final class Store: Sendable {
    let state = Mutex((made: 0, asked: 0))
    var made: Int { state.withLock(\.made) }
    var asked: Int { state.withLock(\.asked) }
  }

  /// Runs the plugin against a server that does `fault` for the first copies and the rest well. `isMade`: the fault hides that
  /// the copy was made.
  private func run(
    _ fault: ScriptedReply, times: Int, isMade: Bool = false, _ store: Store = Store()
  ) async throws -> (record: RunRecord, made: Int) {
    let record = try await ScriptedServer.run({ request, _ in
      guard request.method == "PUT" else { return Self.answer(request, isCopied: store.made > 0) }
      return store.state.withLock { state in
        state.asked += 1
        let isFault = state.asked <= times
        if !isFault || isMade { state.made += 1 }
        return isFault ? fault : Self.answer(request, isCopied: true)
      }
    }) { server in try await Bench.run(Self.config(server.url)) }
    return (record, store.made)
  }

  @Test(arguments: [
    error(503, "SlowDown"), error(429, "TooManyRequests"),
    // The head of a copy comes before its end, which may be bad.
    ScriptedReply(body: "<Error><Code>SlowDown</Code><Message>scripted</Message></Error>"),
  ])
  func aCopyThatWasPutOffIsAskedForAgain(_ fault: ScriptedReply) async throws {
    let (record, made) = try await run(fault, times: 1)
    #expect(record.kinds == [.succeeded] && made == 1)
  }

  /// Whether the copy was made or not: nobody asks for a second one before it has been looked.
  @Test(
    arguments: [
      error(500, "InternalError"), ScriptedReply(isDropped: true),
      ScriptedReply(body: "<CopyObjectResult><ETag>\"e1\"</ETag></CopyObjectResult>", cutAfter: 10),
      ScriptedReply(body: "<Error><Code>InternalError</Code><Message>scripted</Message></Error>"),
    ], [false, true])
  func aCopyWhoseAnswerIsLostIsLookedFor(_ fault: ScriptedReply, isMade: Bool) async throws {
    let store = Store()
    let (first, _) = try await run(fault, times: 1, isMade: isMade, store)
    #expect(first.kinds == [.unavailable] && first.completions[0].dependency == "s3" && store.asked == 1)
    let (second, made) = try await run(fault, times: 1, isMade: isMade, store)
    #expect(second.kinds == [isMade ? .skipped : .succeeded] && made == 1)
  }

  @Test func aStoreThatStaysSlowIsWaitedFor() async throws {
    let (record, made) = try await run(Self.error(503, "SlowDown"), times: 100)
    #expect(record.kinds == [.rateLimited] && made == 0)
    #expect(record.completions[0].reason.contains("3 attempts"))
  }

  @Test func aStoreThatStaysDownIsUnavailable() async throws {
    let (record, made) = try await run(Self.error(500, "InternalError"), times: 100)
    #expect(record.kinds == [.unavailable] && record.completions[0].dependency == "s3" && made == 0)
  }

  @Test(arguments: [
    (error(403, "AccessDenied"), "AccessDenied"), (error(400, "ExpiredToken"), "ExpiredToken"),
    (error(301, "PermanentRedirect", region: "eu-west-1"), "the bucket is in eu-west-1"),
  ])
  func whatNoAttemptMendsFailsAtOnce(_ fault: ScriptedReply, _ reason: String) async throws {
    let (record, made) = try await run(fault, times: 100)
    let ended = try #require(record.completions.first)
    #expect(ended.kind == .failed && ended.reason.contains(reason) && made == 0)
    #expect(!ended.reason.contains("hidden-secret"))
  }

  @Test func aCopyIsForWhatWasListedAtBothEnds() async throws {
    try await ScriptedServer.run({ request, _ in Self.answer(request, isCopied: false) }) { server in
      #expect(try await Bench.run(Self.config(server.url)).kinds == [.succeeded])
      let copy = try #require(server.requests.first { $0.method == "PUT" })
      #expect(copy.header("x-amz-copy-source-if-match") == "\"e1\"" && copy.header("if-match") == "\"e1\"")
    }
  }

  /// Changed between the head and the copy.
  @Test(arguments: [error(412, "PreconditionFailed"), error(409, "ConditionalRequestConflict")])
  func aChangeMeanwhileIsNotOverwritten(_ fault: ScriptedReply) async throws {
    let (record, made) = try await run(fault, times: 100)
    #expect(record.kinds == [.skipped] && made == 0)
    #expect(record.completions[0].reason == "it has changed since it was listed")
  }

  @Test func aStoreWithoutTheConditionIsAskedOnce() async throws {
    try await ScriptedServer.run({ request, _ in
      if request.method == "PUT", request.header("if-match") != nil { return Self.error(501, "NotImplemented") }
      return Self.answer(request, isCopied: false)
    }) { server in
      var settings = AWSSettings()
      (settings.endpoint, settings.accessKeyId, settings.secretAccessKey) = (server.url, "AK", "S")
      let connection = AWSConnection(settings)
      let mover = ObjectMover(s3: try connection.s3(), bucket: "b", versions: .replace, acl: .drop)
      for _ in 0..<2 {
        let item = DueObject(key: "old/a", bytes: 10_000_000, eTag: "\"e1\"", from: .standard, to: .glacier)
        guard case .moved = try await mover.move(item) else { return #expect(Bool(false)) }
      }
      #expect(server.requests.filter { $0.method == "PUT" }.map { $0.header("if-match") != nil } == [true, false, false])
    }
  }

  @Test(arguments: [error(503, "SlowDown"), error(500, "InternalError"), ScriptedReply(body: listing, cutAfter: 50)])
  func aListingThatBreaksIsAskedForAgain(_ fault: ScriptedReply) async throws {
    let store = Store()
    let record = try await ScriptedServer.run({ request, _ in
      if request.uri.contains("list-type") {
        let number = store.state.withLock { state in
          state.asked += 1
          return state.asked
        }
        if number == 1 { return fault }
      }
      return Self.answer(request, isCopied: false)
    }) { server in try await Bench.run(Self.config(server.url)) }
    #expect(record.items.map(\.key) == ["object/old/a"] && record.duplicateItems == 0)
  }

  @Test func aBucketThatIsClosedToUsIsSaidAtOnce() async throws {
    for (reply, text) in [
      (Self.error(403, "AccessDenied"), "AccessDenied"),
      (Self.error(301, "PermanentRedirect", region: "eu-west-1"), "set that region"),
    ] {
      let requests = try await ScriptedServer.run({ _, _ in reply }) { server in
        await #expect { try await Bench.run(Self.config(server.url)) } throws: { "\($0)".contains(text) }
        return server.requests.count
      }
      #expect(requests == 1)
    }
  }

  @Test func keepsTheContract() async throws {
    try await ScriptedServer.run({ request, _ in Self.answer(request, isCopied: false) }) { server in
      let findings = await Conformance.check(
        PluginUnderTest(S3LifecyclePlugin.self), config: Self.config(server.url), planLeavesArtifacts: true)
      #expect(findings.isEmpty, "\(findings)")
    }
  }
}
