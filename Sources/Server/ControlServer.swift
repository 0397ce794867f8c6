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

  /// An accepted connection; nil: one too many, which is told so and closed.
  private typealias Connection = (http: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>, peer: Peer)?

  package func run() async throws {
    let listener = listener
    defer { listener.file.remove(listener.identity) }
    let connections = Connections()
    let (limits, logger) = (configuration.limits, logger)
    let server: NIOAsyncChannel<Connection, Never> = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 128)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .bind(listener.descriptor) { channel in Self.setUp(channel, connections, limits, logger) }
    logger.info("listening on \(listener.file.path)")
    try await withGracefulShutdownHandler {
      try await serve(server, connections)
    } onGracefulShutdown: {
      server.channel.close(promise: nil)
    }
  }

  private func serve(_ server: NIOAsyncChannel<Connection, Never>, _ connections: Connections) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      try await server.executeThenClose { inbound in
        for try await connection in inbound {
          guard let connection else { continue }
          group.addTask { await converse(connection.http, connection.peer) }
        }
      }
      connections.quiesce()
      let deadline = ContinuousClock.now + configuration.limits.grace
      while connections.count > 0, ContinuousClock.now < deadline, !Task.isCancelled {
        do { try await Task.sleep(for: .milliseconds(10)) } catch { break }
      }
      group.cancelAll()
    }
  }

  /// On the connection's event loop, before anything is read.
  private static func setUp(
    _ channel: any Channel, _ connections: Connections, _ limits: ServerLimits, _ logger: Logger
  ) -> EventLoopFuture<Connection> {
    guard connections.enter(channel, limit: limits.connections) else {
      return channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(ConnectionRefusal(limit: limits.connections))
        return Connection.none
      }
    }
    return Peer.of(channel).flatMap { peer in
      http(limits) { _, _, _ in }.setup(channel: channel, logger: logger).map { ($0, peer) }
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
