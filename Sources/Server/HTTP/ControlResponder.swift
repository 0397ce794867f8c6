import ControlAPI
import Foundation
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// Answers the requests of one connection after another by the route table.
struct ControlResponder: Sendable {
  let table: RouteTable
  let limits: ServerLimits
  let streams: StreamCount
  let logger: Logger

  /// Streams of events that are open.
  final class StreamCount: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func enter(limit: Int) -> Bool {
      count.withLock { count in
        guard count < limit else { return false }
        count += 1
        return true
      }
    }
    func leave() { count.withLock { $0 -= 1 } }
  }

  /// - Parameter refusal: why nothing is done for this client; nil: it may ask.
  @concurrent func respond(
    to request: Request, from peer: Peer, refusal: Problem?, writer: consuming ResponseWriter
  ) async throws {
    let begun = ContinuousClock.now
    let target = request.head.path ?? ""
    let path = target.prefix { $0 != "?" && $0 != "#" }
    var status = 0
    defer {
      logger.debug(
        "request",
        metadata: [
          "method": .string(request.method.rawValue.forPeople), "path": .string(String(path).forPeople), "status": "\(status)",
          "pid": "\(peer.pid)", "uid": "\(peer.uid)", "ms": "\(Int(begun.duration(to: .now) / .milliseconds(1)))",
        ])
    }
    var pending: ResponseWriter? = writer
    do {
      if let refusal { throw refusal }
      let (route, placeholders) = try find(request.method, path)
      let rest = target.dropFirst(path.count)
      let query = try Query(rest.first == "?" ? rest.dropFirst().prefix { $0 != "#" } : "", of: route.parameters)
      if request.headers[.expect]?.lowercased() == "100-continue", try sentBytes(request) <= limits.bodyBytes {
        try await pending?.writeInformationalHead(HTTPResponse(status: .continue))
      }
      let call = Call(path: placeholders, query: query, body: try await body(of: request, route))
      let answer = try await answer(call, route)
      status = try await write(answer, to: request, &pending)
    } catch {
      let problem = try problem(of: error)
      status = problem.status
      // An unread body is not worth reading.
      let closes = problem.status == 413 || problem.status == 403 || error is HTTPParserError
      let (head, body) = problem.response(instance: String(path), closes: closes)
      guard let writer = pending.take() else { throw error }
      try await writer.write(
        response: head, body: request.method == .head ? ResponseBody() : ResponseBody(byteBuffer: body))
      if closes { throw Closed() }
    }
  }

  /// Ends the connection.
  struct Closed: Error {}

  private func find(_ method: HTTPRequest.Method, _ path: Substring) throws -> (Route, [String: String]) {
    switch table.match(method == .head ? .get : method, path) {
    case .route(let route, let placeholders): return (route, placeholders)
    case .otherMethods(let methods):
      throw Problem.method(method, String(path).forPeople, allowed: methods.flatMap { $0 == .get ? [.get, .head] : [$0] })
    case .nothing(let hint):
      throw ControlError(
        .notFound, "there is no path \(String(path).forPeople)" + (hint.map { "; did you mean \($0.forPeople)?" } ?? ""))
    case .malformed:
      throw ControlError(.malformed, "the path has a % that begins no UTF-8 text: \(String(path).forPeople)")
    }
  }

  private func sentBytes(_ request: Request) throws -> Int {
    let length = request.headers[.contentLength].flatMap { Int($0) } ?? 0
    guard length <= limits.bodyBytes else { throw Problem.bodyTooLarge(limits.bodyBytes) }
    return length
  }

  private func body(of request: Request, _ route: Route) async throws -> [UInt8] {
    _ = try sentBytes(request)
    var bytes: [UInt8] = []
    if case .events = route.reply { return [] }  // left unread: its end tells that the client has gone
    for try await part in request.body {
      guard bytes.count + part.readableBytes <= limits.bodyBytes else { throw Problem.bodyTooLarge(limits.bodyBytes) }
      bytes.append(contentsOf: part.readableBytesView)
    }
    guard let body = route.body else {
      guard bytes.isEmpty else { throw ControlError(.malformed, "\(route.method.rawValue) \(route.path) takes no body") }
      return []
    }
    if bytes.isEmpty {
      if body.isOptional { return [] }
      throw ControlError(.malformed, "\(route.method.rawValue) \(route.path) needs a body, a JSON object")
    }
    let type = request.headers[.contentType]
    let essence = type?.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
    guard essence == "application/json" else { throw Problem.mediaType(type?.forPeople) }
    return bytes
  }

  private func answer(_ call: Call, _ route: Route) async throws -> Answer {
    try await withThrowingTaskGroup(of: Answer.self) { group in
      group.addTask { try await route.answer(call) }
      group.addTask {
        try await Task.sleep(for: route.limit)
        throw ControlError(
          .unavailable,
          "\(route.method.rawValue) \(route.path) took longer than \(route.limit.components.seconds) s; it was told to stop")
      }
      defer { group.cancelAll() }
      guard let first = try await group.next() else { throw CancellationError() }
      return first
    }
  }

  /// - Returns: the status that was sent.
  @concurrent private func write(_ answer: Answer, to request: Request, _ pending: inout ResponseWriter?) async throws -> Int {
    let response: Response
    switch answer {
    case .json(let status, let data):
      response = Response(
        status: .init(code: status), headers: [.contentType: "application/json"],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    case .empty(let status): response = Response(status: .init(code: status), headers: [.contentLength: "0"])
    case .text(let mediaType, let text):
      response = Response(
        status: .ok, headers: [.contentType: mediaType], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    case .events(let events):
      guard streams.enter(limit: limits.streams) else {
        throw ControlError(.unavailable, "\(limits.streams) streams of events are open: that is all there may be; try again")
      }
      defer { streams.leave() }
      let body = EventStreamBody(events: events, heartbeat: limits.heartbeat)
      response = Response(
        status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
        body: ResponseBody { writer in
          try await request.body.consumeWithCancellationOnInboundClose { _ in try await body.write(to: &writer) }
        })
      try await send(response, to: request, &pending)
      return 200
    }
    try await send(response, to: request, &pending)
    return response.status.code
  }

  @concurrent private func send(_ response: Response, to request: Request, _ pending: inout ResponseWriter?) async throws {
    guard let writer = pending.take() else { return }
    try await writer.write(
      response: response.head, body: request.method == .head ? ResponseBody() : response.body)
  }

  /// Rethrows what is no answer: the connection is broken.
  private func problem(of error: any Error) throws -> Problem {
    switch error {
    case let problem as Problem: return problem
    case let error as ControlError:
      if error.code == .fault { logger.error("\(error.message)") }
      return Problem(error)
    case is CancellationError:
      return Problem(ControlError(.unavailable, "the daemon is ending: try again when it is back"))
    case is HTTPParserError: return Problem.brokenRequest("\(error)")
    default: throw error
    }
  }
}
