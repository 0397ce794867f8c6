package import ControlAPI
import Foundation
import HTTPTypes
import HummingbirdCore
package import Logging
import NIOCore
import NIOHTTPTypes
import NIOPosix
import ServiceLifecycle

/// The control API on a unix socket: HTTP/1.1, for root, this process's user, and members of the socket's group. `run` returns after a
/// graceful shutdown, when what was under way has ended or the grace period is over, and takes the socket away.
package struct ControlServer: Service {
  package struct Configuration: Sendable {
    /// Absolute; at most 107 bytes.
    package var socketPath: String
    /// Whose members may connect. nil: the group that the new file has by itself.
    package var group: UInt32?
    package var limits = ServerLimits()
    /// The program's version.
    package var version: String

    package init(socketPath: String, version: String) {
      self.socketPath = socketPath
      self.version = version
    }
  }

  private let configuration: Configuration
  private let listener: Listener
  private let responder: ControlResponder
  private let logger: Logger

  /// A socket that is bound, and taken away with the server.
  private struct Listener: Sendable {
    let file: SocketFile
    let descriptor: Int32
    let identity: SocketFile.Identity
    let gate: PeerGate
  }

  /// Binds the socket: from here on the path is this process's; nobody can connect before `run`. Throws `conflict` when another
  /// process answers there, `invalid` for a path that cannot be one, `storage` when it cannot be made.
  package init(
    _ configuration: Configuration, control: any Control, probes: Probes, metrics: MetricsPage, logger: Logger
  ) throws(ControlError) {
    self.configuration = configuration
    self.logger = logger
    let table = RouteTable.all(control, probes, metrics, version: configuration.version)
    responder = ControlResponder(table: table, limits: configuration.limits, streams: .init(), logger: logger)
    let file = SocketFile(path: configuration.socketPath, group: configuration.group)
    let (descriptor, identity) = try file.bind()
    var status = stat()
    let group = lstat(configuration.socketPath, &status) == 0 ? status.st_gid : nil
    listener = Listener(
      file: file, descriptor: descriptor, identity: identity, gate: PeerGate(owner: geteuid(), group: group))
  }

  /// An accepted connection. Whoever has one must see it to its end: NIO ends the process over one that was forgotten.
  private struct Connection: Sendable {
    var http: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
    var peer: Peer
  }

  package func run() async throws {
    let listener = listener
    defer { listener.file.remove(listener.identity) }
    let connections = Connections()
    let (limits, logger) = (configuration.limits, logger)
    // NIO's own sequence of accepted channels drops those that come while it ends. As many wait here as may be open.
    let (accepted, arrival) = AsyncStream.makeStream(of: Connection.self)
    let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 128)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in Self.setUp(channel, connections, limits, logger, arrival) }
      .withBoundSocket(listener.descriptor).get()
    server.closeFuture.whenComplete { _ in arrival.finish() }
    logger.info("listening on \(listener.file.path)")
    await withTaskCancellationHandler {
      await withGracefulShutdownHandler {
        await serve(accepted, connections)
      } onGracefulShutdown: {
        server.close(promise: nil)
      }
    } onCancel: {
      server.close(promise: nil)
    }
  }

  private func serve(_ accepted: AsyncStream<Connection>, _ connections: Connections) async {
    await withDiscardingTaskGroup { group in
      for await connection in accepted { group.addTask { await converse(connection.http, connection.peer) } }
      connections.quiesce()
      let deadline = ContinuousClock.now + configuration.limits.grace
      while connections.count > 0, ContinuousClock.now < deadline, !Task.isCancelled {
        do { try await Task.sleep(for: .milliseconds(10)) } catch { break }
      }
      group.cancelAll()
    }
  }

  /// On the connection's event loop, before anything is read. One too many is told so and closed.
  private static func setUp(
    _ channel: any Channel, _ connections: Connections, _ limits: ServerLimits, _ logger: Logger,
    _ arrival: AsyncStream<Connection>.Continuation
  ) -> EventLoopFuture<Void> {
    guard connections.enter(channel, limit: limits.connections) else {
      return channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(ConnectionRefusal(limit: limits.connections))
      }
    }
    return Peer.of(channel).flatMap { peer in
      http(limits) { _, _, _ in }.setup(channel: channel, logger: logger).map { http in
        guard case .terminated = arrival.yield(Connection(http: http, peer: peer)) else { return }
        // The server has ended meanwhile.
        Task {
          do { try await http.executeThenClose { _, _ in } } catch { logger.debug("a connection at the end: \(error)") }
        }
      }
    }
  }

  private static func http(_ limits: ServerLimits, _ responder: @escaping HTTPChannelHandler.Responder) -> HTTP1Channel {
    HTTP1Channel(
      responder: responder,
      configuration: .init(
        additionalChannelHandlers: [ConnectionGuard(limits: limits)], idleTimeout: TimeAmount(limits.idleTime),
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: limits.headerBytes / 2, maxHeaderListSize: limits.headerBytes,
          maxHeaderFieldCount: limits.headerFields)))
  }

  private func converse(_ channel: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>, _ peer: Peer) async {
    let refusal: Problem? =
      listener.gate.admits(peer)
      ? nil
      : Problem(
        ControlError(
          .forbidden,
          "user \(peer.uid) may not use this socket: only root, the daemon's user and members of the socket's group may"))
    let http = Self.http(configuration.limits) { [responder] request, writer, _ in
      try await responder.respond(to: request, from: peer, refusal: refusal, writer: writer)
    }
    await http.handle(value: channel, logger: logger)
  }
}
