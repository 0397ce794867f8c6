import AWSTestServers
import Foundation
import Synchronization

@testable import AWSClient

/// A clock that stands still, pauses that are noted and not waited for, dice that say one half.
final class StillSurroundings: Sendable {
  private struct State {
    var now = 1_790_000_000
    var pauses: [Duration] = []
    var environment: [String: String] = [:]
  }

  private let state = Mutex(State())

  init(environment: [String: String] = [:]) { state.withLock { $0.environment = environment } }

  var now: Int {
    get { state.withLock { $0.now } }
    set { state.withLock { $0.now = newValue } }
  }
  var pauses: [Duration] { state.withLock { $0.pauses } }

  var surroundings: Surroundings {
    Surroundings(
      now: { self.now }, sleep: { pause in self.state.withLock { $0.pauses.append(pause) } }, random: { 0.5 },
      environment: { name in self.state.withLock { $0.environment[name] } })
  }
}

enum Fixture {
  static let credentials = Credentials(
    accessKeyID: "AKIDHIDDENKEY", secretAccessKey: "hidden-secret-key", sessionToken: "hidden-session-token")

  /// Runs `body` with an S3 whose server is scripted.
  @discardableResult
  static func withS3<Result: Sendable>(
    at url: String, limits: TransportLimits = quick, still: StillSurroundings = StillSurroundings(),
    credentials: any CredentialsProvider = StaticCredentials(credentials), addressing: S3.Addressing = .automatic,
    _ body: (S3) async throws -> Result
  ) async throws -> Result {
    let endpoint = try Endpoint(url)
    return try await withTransport(limits) { transport in
      let caller = ServiceCaller(
        service: "s3", region: "us-east-1", transport: transport, credentials: credentials, surroundings: still.surroundings)
      return try await body(S3(caller, endpoint: endpoint, addressing: addressing))
    }
  }

  static func withTransport<Result: Sendable>(
    _ limits: TransportLimits = quick, _ body: (Transport) async throws -> Result
  ) async throws -> Result {
    let transport = Transport(limits: limits)
    do {
      let result = try await body(transport)
      await transport.shutdown()
      return result
    } catch {
      await transport.shutdown()
      throw error
    }
  }

  /// Limits that a test can wait for.
  static var quick: TransportLimits {
    var limits = TransportLimits()
    limits.connectTimeout = .seconds(2)
    limits.readTimeout = .milliseconds(400)
    limits.attemptTimeout = .seconds(3)
    limits.continuePatience = .milliseconds(100)
    return limits
  }

  /// A file of `count` bytes that are told apart, gone with the test.
  static func withFile<Result>(bytes count: Int, _ body: (String, [UInt8]) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("aws-\(UUID().uuidString)").path
    var state: UInt32 = 1
    let bytes = (0..<count).map { _ -> UInt8 in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(truncatingIfNeeded: state >> 24)
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path, bytes)
  }

  static func error(code: String, message: String = "said so") -> String {
    "<?xml version=\"1.0\"?><Error><Code>\(code)</Code><Message>\(message)</Message><RequestId>REQ1</RequestId></Error>"
  }
}
