import AWSClient
import AWSTestServers
import CarillonPlugin
import Testing

@testable import S3Lifecycle

/// Locks that a head does not show, scripted: Ceph shows them to everybody.
@Suite struct LockTests {
  private func answer(_ request: ScriptedRequest, hold: ScriptedReply) -> ScriptedReply {
    switch request.uri {
    case let uri where uri.contains("versioning"):
      ScriptedReply(body: "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
    case let uri where uri.contains("object-lock"):
      ScriptedReply(
        body: "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>")
    case let uri where uri.contains("legal-hold"): hold
    case let uri where uri.contains("retention"): FaultTests.error(404, "NoSuchObjectLockConfiguration")
    default:
      request.method == "HEAD"
        ? ScriptedReply(headers: [("etag", "\"e1\""), ("content-length", "10000000"), ("x-amz-version-id", "v1")])
        : FaultTests.answer(request, isCopied: false)
    }
  }

  private func move(hold: ScriptedReply) async throws -> (Result<ObjectMover.Ending, AWSError>, copies: Int) {
    try await ScriptedServer.run({ request, _ in answer(request, hold: hold) }) { server in
      var settings = AWSSettings()
      (settings.endpoint, settings.accessKeyId, settings.secretAccessKey) = (server.url, "AK", "S")
      let connection = AWSConnection(settings)
      let mover = ObjectMover(s3: try connection.s3(), bucket: "b", versions: .keep, acl: .drop)
      let item = DueObject(
        key: "old/a", versionID: "v1", bytes: 10_000_000, eTag: "\"e1\"", from: .standard, to: .glacier)
      let result: Result<ObjectMover.Ending, AWSError>
      do throws(AWSError) { result = .success(try await mover.move(item)) } catch { result = .failure(error) }
      return (result, server.requests.filter { $0.method == "PUT" }.count)
    }
  }

  @Test func aHoldThatTheHeadHidesIsSeen() async throws {
    let held = try await move(hold: ScriptedReply(body: "<LegalHold><Status>ON</Status></LegalHold>"))
    #expect(try held.0.get() == .left("it is locked, and a copy would not be") && held.copies == 0)
    for free in [
      ScriptedReply(body: "<LegalHold><Status>OFF</Status></LegalHold>"),
      FaultTests.error(404, "NoSuchObjectLockConfiguration"),
    ] {
      let moved = try await move(hold: free)
      guard case .success(.moved) = moved.0 else { return #expect(Bool(false), "\(moved)") }
      #expect(moved.copies == 1)
    }
  }

  @Test func whoMayNotSeeLocksMovesNothing() async throws {
    let denied = try await move(hold: FaultTests.error(403, "AccessDenied"))
    guard case .failure(let error) = denied.0 else { return #expect(Bool(false)) }
    #expect(error.code == .accessDenied && error.operation == "GetObjectLegalHold" && denied.copies == 0)
  }
}
