package import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A request as the scripted server received it.
package struct ScriptedRequest: Sendable {
  package var method: String
  /// With its query, as it stood on the wire.
  package var uri: String
  package var headers: [(name: String, value: String)]
  package var body: ByteBuffer
  /// Which connection brought it, from 1.
  package var connection: Int

  package var path: String { String(uri.prefix { $0 != "?" }) }
  package func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }
}

/// What the scripted server does about a request.
package struct ScriptedReply: Sendable {
  package var status = 200
  package var headers: [(name: String, value: String)] = []
  package var body = ""
  /// Instead of `body`, where it is no text.
  package var bytes: [UInt8]?
  /// Cuts the connection after so many bytes of the body (0: after the head), whose whole length was announced.
  package var cutAfter: Int?
  /// Reads the request and closes without a byte.
  package var isDropped = false
  /// Never answers.
  package var isSilent = false

  package init(
    _ status: Int = 200, headers: [(name: String, value: String)] = [], body: String = "", cutAfter: Int? = nil,
    isDropped: Bool = false, isSilent: Bool = false
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.cutAfter = cutAfter
    self.isDropped = isDropped
    self.isSilent = isSilent
  }
}

/// An HTTP server on a free loopback port that does what a test tells it, request by request. What it got can be looked at.
package final class ScriptedServer: Sendable {
  package typealias Script = @Sendable (_ request: ScriptedRequest, _ number: Int) -> ScriptedReply

  /// What to do with the head of a request that says `Expect: 100-continue`.
  package enum Expectation: Sendable {
    case goOn
    /// Answers at once, without the body.
    case answer(ScriptedReply)
    /// As servers that do not know the header.
    case ignore
  }

  private struct State {
    var requests: [ScriptedRequest] = []
    var connections = 0
    var bodyBytes = 0
    var openRequests = 0
    var mostOpenRequests = 0
  }

  private let state = Mutex(State())
  private let channel: any Channel

  private init(channel: any Channel) { self.channel = channel }

  package var port: Int { channel.localAddress?.port ?? 0 }
  package var url: String { "http://127.0.0.1:\(port)" }
  package var requests: [ScriptedRequest] { state.withLock { $0.requests } }
  package var connections: Int { state.withLock { $0.connections } }
  /// Of all requests, also of those that were answered before their bodies came.
  package var bodyBytes: Int { state.withLock { $0.bodyBytes } }
  /// The most requests that were being received or answered at once.
  package var mostOpenRequests: Int { state.withLock { $0.mostOpenRequests } }

  /// Runs `body` with a server, and closes it. `script` is called with each request and its number, from 1. Answers wait
  /// `delay`.
  package static func run<Result: Sendable>(
    expectation: @escaping @Sendable (ScriptedRequest) -> Expectation = { _ in .goOn }, delay: TimeAmount = .zero,
    _ script: @escaping Script, _ body: (ScriptedServer) async throws -> Result
  ) async throws -> Result {
    let box = Mutex<ScriptedServer?>(nil)
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { child in
        child.eventLoop.makeCompletedFuture {
          let pipeline = child.pipeline.syncOperations
          try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
          try pipeline.addHandler(
            Conversation(server: { box.withLock { $0 } }, script: script, expectation: expectation, delay: delay))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let server = ScriptedServer(channel: channel)
    box.withLock { $0 = server }
    do {
      let result = try await body(server)
      try await channel.close()
      return result
    } catch {
      try await channel.close()
      throw error
    }
  }

  fileprivate func connected() -> Int {
    state.withLock {
      $0.connections += 1
      return $0.connections
    }
  }

  fileprivate func received(_ count: Int) { state.withLock { $0.bodyBytes += count } }

  fileprivate func began() {
    state.withLock {
      $0.openRequests += 1
      $0.mostOpenRequests = max($0.mostOpenRequests, $0.openRequests)
    }
  }

  fileprivate func ended() { state.withLock { $0.openRequests -= 1 } }

  fileprivate func record(_ request: ScriptedRequest) -> Int {
    state.withLock {
      $0.requests.append(request)
      return $0.requests.count
    }
  }
}

/// One connection. Answers are written byte by byte as text, so that they can be as wrong as a test wants.
private final class Conversation: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart

  private let server: () -> ScriptedServer?
  private let script: ScriptedServer.Script
  private let expectation: (ScriptedRequest) -> ScriptedServer.Expectation
  private let delay: TimeAmount
  private var number = 0
  private var current: ScriptedRequest?
  private var isAnswered = false

  init(
    server: @escaping () -> ScriptedServer?, script: @escaping ScriptedServer.Script,
    expectation: @escaping (ScriptedRequest) -> ScriptedServer.Expectation, delay: TimeAmount
  ) {
    self.server = server
    self.script = script
    self.expectation = expectation
    self.delay = delay
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      if number == 0 { number = server()?.connected() ?? 0 }
      server()?.began()
      let request = ScriptedRequest(
        method: head.method.rawValue, uri: head.uri, headers: head.headers.map { ($0.name, $0.value) }, body: ByteBuffer(),
        connection: number)
      current = request
      isAnswered = false
      guard head.headers.contains(name: "expect") else { return }
      switch expectation(request) {
      case .goOn: write(context, "HTTP/1.1 100 Continue\r\n\r\n")
      case .ignore: break
      case .answer(let reply):
        _ = server()?.record(request)
        isAnswered = true
        answer(reply, to: request, context)
      }
    case .body(let part):
      current?.body.writeImmutableBuffer(part)
      server()?.received(part.readableBytes)
    case .end:
      guard let request = current, !isAnswered, let server = server() else { return }
      let reply = script(request, server.record(request))
      if delay == .zero {
        answer(reply, to: request, context)
      } else {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: delay) { bound.value.0.answer(reply, to: request, bound.value.1) }
      }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func answer(_ reply: ScriptedReply, to request: ScriptedRequest, _ context: ChannelHandlerContext) {
    server()?.ended()
    if reply.isSilent { return }
    if reply.isDropped {
      context.close(promise: nil)
      return
    }
    let body = reply.bytes ?? Array(reply.body.utf8)
    var text = "HTTP/1.1 \(reply.status) Scripted\r\n"
    for (name, value) in reply.headers { text += "\(name): \(value)\r\n" }
    if !reply.headers.contains(where: { $0.name.lowercased() == "content-length" }), reply.status != 204 {
      text += "content-length: \(body.count)\r\n"
    }
    write(context, text + "\r\n")
    if request.method != "HEAD" {
      let part = ByteBuffer(bytes: body.prefix(reply.cutAfter ?? body.count))
      context.writeAndFlush(NIOAny(part), promise: nil)
    }
    if reply.cutAfter != nil { context.close(promise: nil) }
  }

  private func write(_ context: ChannelHandlerContext, _ text: String) {
    context.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil)
  }
}
