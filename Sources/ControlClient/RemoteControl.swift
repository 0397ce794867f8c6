import AsyncHTTPClient
import ControlAPI
import Foundation
import JobModel
import NIOCore
import NIOHTTP1

/// A daemon, asked over its unix socket. Every call has a limit of time; one that runs into it throws `unavailable`, and whether the
/// daemon has done what was asked is then not known.
package struct RemoteControl: Control {
  package let socket: DaemonSocket
  /// For calls that need no plugin and no long work in the store.
  private let patience: Duration
  /// A stream without a sign of life for this long has broken: the server sends one every 15 s.
  let silence: Duration

  /// One for the process: its connections are few, and it ends with the program.
  private static let client = HTTPClient(
    configuration: {
      var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5)))
      configuration.httpVersion = .http1Only
      return configuration
    }())

  /// No answer is longer.
  private static let maxAnswerBytes = 512 * 1_024 * 1_024
  /// For calls during which plugins are loaded, a long ledger is judged, or items are written.
  static let work = Duration.seconds(300)
  /// For calls that go through the whole store.
  static let longWork = Duration.seconds(3_600)

  package init(_ socket: DaemonSocket, patience: Duration = .seconds(15), silence: Duration = .seconds(45)) {
    self.socket = socket
    self.patience = patience
    self.silence = silence
  }

  /// Asks for a document.
  func ask<Answer: Decodable>(
    _ method: HTTPMethod, _ route: Route, _ body: (any Encodable & Sendable)? = nil, within limit: Duration? = nil
  ) async throws(ControlError) -> Answer {
    let data = try await send(method, route, body, within: limit)
    do {
      return try ControlJSON.decoder.decode(Answer.self, from: data)
    } catch {
      throw ControlError(
        .fault,
        "the daemon's answer to \(method) \(route.text) cannot be read; is it of another version? (\(Self.brief(error)))")
    }
  }

  /// Sends a request and returns the body of its answer.
  @discardableResult
  func send(
    _ method: HTTPMethod, _ route: Route, _ body: (any Encodable & Sendable)? = nil, within limit: Duration? = nil
  ) async throws(ControlError) -> Data {
    // Told at once here; the HTTP client would try to connect for seconds.
    try socket.peer()
    let request = try request(method, route, body)
    let limit = limit ?? patience
    let status: UInt
    let data: Data
    do {
      (status, data) = try await Self.within(limit) {
        do {
          return try await Self.exchange(request)
        } catch  where method == .GET && !(error is CancellationError) {
          // A connection that was kept may be closed by the daemon just as it is used again: a question can be asked twice.
          return try await Self.exchange(request)
        }
      }
    } catch {
      throw broken(error, limit)
    }
    guard (200..<300).contains(status) else { throw Problem.error(status: status, body: data) }
    return data
  }

  private static func exchange(_ request: HTTPClientRequest) async throws -> (UInt, Data) {
    let response = try await client.execute(request, deadline: .distantFuture)
    let body = try await response.body.collect(upTo: maxAnswerBytes)
    return (response.status.code, Data(body.readableBytesView))
  }

  /// Opens a stream: returns when the daemon has accepted it.
  func open(_ route: Route) async throws(ControlError) -> HTTPClientResponse {
    try socket.peer()
    var request = try request(.GET, route, nil)
    request.headers.replaceOrAdd(name: "accept", value: "text/event-stream")
    let asked = request
    let response: HTTPClientResponse
    let failure: Data
    do {
      response = try await Self.within(patience) { try await Self.client.execute(asked, deadline: .distantFuture) }
      if response.status == .ok { return response }
      failure = try await Self.within(patience) {
        Data(try await response.body.collect(upTo: Self.maxAnswerBytes).readableBytesView)
      }
    } catch {
      throw broken(error, patience)
    }
    throw Problem.error(status: response.status.code, body: failure)
  }

  private func request(
    _ method: HTTPMethod, _ route: Route, _ body: (any Encodable & Sendable)?
  ) throws(ControlError) -> HTTPClientRequest {
    guard let url = URL(httpURLWithSocketPath: socket.path, uri: route.text) else {
      throw ControlError(.invalid, "\(socket.path) cannot be a socket's path")
    }
    var request = HTTPClientRequest(url: url.absoluteString)
    request.method = method
    request.headers.add(name: "accept", value: "application/json, application/problem+json")
    request.headers.add(name: "host", value: "localhost")
    guard let body else { return request }
    do {
      request.body = .bytes(ByteBuffer(bytes: try ControlJSON.encoder.encode(body)))
    } catch {
      throw ControlError(.fault, "cannot write the request as JSON: \(error)")
    }
    request.headers.add(name: "content-type", value: "application/json")
    return request
  }

  /// What a transport's failure means: asked again, the socket itself often says it best.
  func broken(_ error: any Error, _ limit: Duration) -> ControlError {
    switch error {
    case let error as ControlError: return error
    case is TooSlow:
      return ControlError(
        .unavailable, "the daemon on \(socket.path) did not answer within \(limit.inSeconds.formatted()) s; see its log")
    case is CancellationError: return ControlError(.unavailable, "the call to the daemon was cancelled")
    default: break
    }
    do throws(ControlError) {
      try socket.peer()
    } catch {
      return error
    }
    return ControlError(.unavailable, "the connection to the daemon on \(socket.path) broke off (\(Self.brief(error)))")
  }

  /// A limit of time has passed.
  struct TooSlow: Error {}

  /// Does something, but not for longer than `limit`; then throws `TooSlow`.
  static func within<Result: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
      group.addTask { try await work() }
      group.addTask {
        try await Task.sleep(for: limit)
        throw TooSlow()
      }
      defer { group.cancelAll() }
      guard let result = try await group.next() else { throw TooSlow() }
      return result
    }
  }

  private static func brief(_ error: any Error) -> String {
    String("\(error)".split(separator: "\n").joined(separator: " ").prefix(200))
  }
}
