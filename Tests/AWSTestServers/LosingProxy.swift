import NIOCore
import NIOPosix
import Synchronization

/// Stands before a real server and loses the answers to its first copies: the server has done them, and nobody hears of it.
package final class LosingProxy: Sendable {
  private struct State {
    var copies = 0
    var toLose: Int
  }

  private let state: Mutex<State>
  private let channel: any Channel

  private init(channel: any Channel, losing count: Int) {
    self.channel = channel
    state = Mutex(State(toLose: count))
  }

  package var url: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }
  /// Requests to copy an object, or a part of one, that went through.
  package var copies: Int { state.withLock(\.copies) }

  /// Runs `body` with a proxy before the server at `url` (`http://host:port`), and closes it.
  package static func run<Result: Sendable>(
    before url: String, losing count: Int, _ body: (LosingProxy) async throws -> Result
  ) async throws -> Result {
    let place = url.split(separator: "/")[1].split(separator: ":")
    let (host, port) = (String(place[0]), Int(place[1]) ?? 80)
    let box = Mutex<LosingProxy?>(nil)
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { client in
        // On one event loop, so that neither side needs a lock.
        ClientBootstrap(group: client.eventLoop).channelInitializer { server in
          server.eventLoop.makeCompletedFuture {
            let pair = Pair(isCopyLost: { box.withLock { $0 }?.isCopyLost() ?? false }, client: client, server: server)
            try client.pipeline.syncOperations.addHandler(Side(pair, isClient: true))
            try server.pipeline.syncOperations.addHandler(Side(pair, isClient: false))
          }
        }
        .connect(host: host, port: port).map { _ in }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let proxy = LosingProxy(channel: channel, losing: count)
    box.withLock { $0 = proxy }
    do {
      let result = try await body(proxy)
      try await channel.close()
      return result
    } catch {
      try await channel.close()
      throw error
    }
  }

  private func isCopyLost() -> Bool {
    state.withLock {
      $0.copies += 1
      $0.toLose -= 1
      return $0.toLose >= 0
    }
  }
}

/// Both ends of a connection. Stays on its event loop.
private final class Pair {
  let isCopyLost: () -> Bool
  let client: any Channel
  let server: any Channel
  var isLosing = false
  var lost = ""

  init(isCopyLost: @escaping () -> Bool, client: any Channel, server: any Channel) {
    self.isCopyLost = isCopyLost
    self.client = client
    self.server = server
  }
}

private final class Side: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let pair: Pair
  private let isClient: Bool

  init(_ pair: Pair, isClient: Bool) {
    self.pair = pair
    self.isClient = isClient
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    if isClient {
      // A copy has no body: its head comes in one piece.
      if String(buffer: bytes).lowercased().contains("x-amz-copy-source:") { pair.isLosing = pair.isCopyLost() }
      pair.server.writeAndFlush(bytes, promise: nil)
    } else if pair.isLosing {
      pair.lost += String(buffer: bytes)
      // The server has done it when it has said it to the end.
      if pair.lost.contains("</ETag>") { pair.client.close(promise: nil) }
    } else {
      pair.client.writeAndFlush(bytes, promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    pair.client.close(promise: nil)
    pair.server.close(promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
