import AsyncHTTPClient
package import ControlAPI
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

extension RemoteControl {
  package func watch(
    _ run: String, includesLog: Bool
  ) async throws(ControlError) -> AsyncThrowingStream<RunEvent, any Error> {
    let response = try await open(Route("runs", run, "events").with("log", includesLog ? 1 : nil))
    let (stream, continuation) = AsyncThrowingStream.makeStream(of: RunEvent.self, throwing: (any Error).self)
    // Lives as long as the stream: ends with it, or ends it.
    let reading = Task {
      do {
        try await follow(response) { continuation.yield($0) }
        continuation.finish()
      } catch {
        continuation.finish(throwing: broken(error, silence))
      }
    }
    continuation.onTermination = { _ in reading.cancel() }
    return stream
  }

  /// Reads events up to `ended`, but not through a silence: a stream that ends earlier has broken.
  private func follow(
    _ response: HTTPClientResponse, _ yield: @escaping @Sendable (RunEvent) -> Void
  ) async throws {
    let sign = LifeSign()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        var parser = ServerSentEvents()
        // Read on after `ended`, to the stream's own end: the connection can then be used again.
        var hasEnded = false
        for try await buffer in response.body {
          sign.note()
          for event in try parser.take(buffer.readableBytesView) {
            guard let runEvent = try Self.runEvent(event) else { continue }
            yield(runEvent)
            if case .ended = runEvent { hasEnded = true }
          }
        }
        if hasEnded { return }
        throw ControlError(.unavailable, "the daemon on \(socket.path) ended the stream before the run had ended")
      }
      group.addTask {
        while true {
          let quiet = sign.age
          if quiet >= silence { throw TooSlow() }
          try await Task.sleep(for: silence - quiet)
        }
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// The event by its name; nil for one that this version does not know.
  private static func runEvent(_ event: ServerSentEvents.Event) throws(ControlError) -> RunEvent? {
    let data = Data(event.data.utf8)
    do {
      switch event.name {
      case "progress": return .progress(try ControlJSON.decoder.decode(RunProgressDocument.self, from: data))
      case "log": return .log(try ControlJSON.decoder.decode(LogDocument.self, from: data))
      case "ended": return .ended(try ControlJSON.decoder.decode(RunDocument.self, from: data))
      default: return nil
      }
    } catch {
      throw ControlError(.fault, "an event of the daemon's stream cannot be read: \(error)")
    }
  }
}

/// When a stream last said something.
private final class LifeSign: Sendable {
  private let last = Mutex(ContinuousClock.now)

  func note() { last.withLock { $0 = .now } }
  var age: Duration { last.withLock { $0.duration(to: .now) } }
}
