import Synchronization

/// A command under way, from the side of who waits for it: what it prints, then how it ended.
package final class RunningProcess: Sendable {
  /// The two streams of a process.
  package enum Stream: Hashable, Sendable {
    case output
    case errors
  }

  /// What happens to a process. The last is `ended` or `notStarted`.
  package enum Event: Sendable {
    case printed(Stream, [UInt8])
    case ended(ProcessEnd)
    case notStarted(CommandError)
  }

  /// What may wait to be taken before the process has to wait.
  static let maxWaitingBytes = 256 * 1024

  private struct State {
    var events: [Event] = []
    var waitingBytes = 0
    var isOver = false
    var consumer: CheckedContinuation<Event?, Never>?
  }

  let launch: Launch
  private let state = Mutex(State())
  private let inbox: LoopInbox

  init(_ launch: Launch, _ inbox: LoopInbox) {
    self.launch = launch
    self.inbox = inbox
  }

  /// The next event; nil after the last. One consumer at a time.
  package func next() async -> Event? {
    await withCheckedContinuation { continuation in
      let (isReady, event, wakesLoop) = state.withLock { state -> (Bool, Event?, Bool) in
        guard !state.events.isEmpty else {
          if !state.isOver { state.consumer = continuation }
          return (state.isOver, nil, false)
        }
        let wasFull = state.waitingBytes >= Self.maxWaitingBytes
        let event = state.events.removeFirst()
        if case .printed(_, let bytes) = event { state.waitingBytes -= bytes.count }
        return (true, event, wasFull && state.waitingBytes < Self.maxWaitingBytes)
      }
      if wakesLoop { inbox.post(.room) }
      if isReady { continuation.resume(returning: event) }
    }
  }

  /// Tells it to stop: SIGTERM to its group, and SIGKILL after the grace. Any thread; nothing happens the second time.
  package func stop() { inbox.post(.stop(self)) }

  /// Whether more output may be read. The loop's thread.
  var hasRoom: Bool { state.withLock { $0.waitingBytes < Self.maxWaitingBytes } }

  /// The loop's thread.
  func post(_ event: Event) {
    let consumer = state.withLock { state -> CheckedContinuation<Event?, Never>? in
      if case .printed = event {} else { state.isOver = true }
      if let consumer = state.consumer {
        state.consumer = nil
        return consumer
      }
      if case .printed(_, let bytes) = event { state.waitingBytes += bytes.count }
      state.events.append(event)
      return nil
    }
    consumer?.resume(returning: event)
  }
}
