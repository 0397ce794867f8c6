import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// How long to wait for what, and how many requests may be under way.
package struct TransportLimits: Hashable, Sendable {
  package var connectTimeout: Duration = .seconds(5)
  /// Without a byte of the answer, after the request is sent.
  package var readTimeout: Duration = .seconds(30)
  /// Without a byte of the request taken by the network.
  package var writeTimeout: Duration = .seconds(30)
  /// From the start of an attempt to the answer's head, and for short answers to its end. For uploads one second is added
  /// for every 256 KiB.
  package var attemptTimeout: Duration = .seconds(60)
  /// How long a body waits for the server's `100 Continue`.
  package var continuePatience: Duration = .seconds(1)
  /// Requests under way at once, and so connections.
  package var maxConcurrent = 64
  /// How long an unused connection is kept.
  package var idleConnectionTimeout: Duration = .seconds(20)

  package init() {}
}

/// HTTP/1.1 with a bound on everything. One for a plugin; its connections are shared by every service. `shutdown` when done.
package final class Transport: Sendable {
  let client: HTTPClient
  let gate: Gate
  package let limits: TransportLimits

  package init(limits: TransportLimits = TransportLimits()) {
    self.limits = limits
    gate = Gate(limit: limits.maxConcurrent)
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(
        connect: limits.connectTimeout.timeAmount, read: limits.readTimeout.timeAmount, write: limits.writeTimeout.timeAmount),
      connectionPool: .init(idleTimeout: limits.idleConnectionTimeout.timeAmount))
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(1, limits.maxConcurrent)
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.httpVersion = .http1Only
    let patience = limits.continuePatience.timeAmount
    configuration.http1_1ConnectionDebugInitializer = { channel in
      channel.eventLoop.makeCompletedFuture {
        let pipeline = channel.pipeline.syncOperations
        let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPResponseDecoder>.self).handler
        try pipeline.addHandler(ContinueHandler(patience: patience), position: .after(decoder))
      }
    }
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  /// Ends every connection. Requests under way fail.
  package func shutdown() async {
    // The one error it has is that of a second shutdown.
    try? await client.shutdown()
  }

  /// The same for one that nobody can wait for; returns at once.
  func abandon() { client.shutdown { _ in } }
}

extension Duration {
  var timeAmount: TimeAmount {
    .nanoseconds(components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000)
  }

  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
