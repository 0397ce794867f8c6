import NIOCore
import Synchronization

/// The connections that are open.
final class Connections: Sendable {
  private let open = Mutex<[ObjectIdentifier: any Channel]>([:])

  var count: Int { open.withLock { $0.count } }

  /// Notes a connection until it closes. False: there are too many.
  func enter(_ channel: any Channel, limit: Int) -> Bool {
    let id = ObjectIdentifier(channel)
    let isIn = open.withLock { open in
      guard open.count < limit else { return false }
      open[id] = channel
      return true
    }
    if isIn { channel.closeFuture.whenComplete { _ in self.open.withLock { $0[id] = nil } } }
    return isIn
  }

  /// Idle ones close at once, others after the answer that is under way.
  func quiesce() {
    for channel in open.withLock({ Array($0.values) }) {
      channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }
  }
}
