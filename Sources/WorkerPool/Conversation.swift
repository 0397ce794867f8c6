import JobModel
import Synchronization

/// The beginning of a host's life, as a sequence of answers to wait for. What is no answer (logs, output) is passed on.
final class Conversation: Sendable {
  private struct State {
    var lastLines: [String] = []
    var timeout: Duration?
    var answers = 0
  }

  let router: WorkerRouter
  private let state = Mutex(State())
  private let answers: AsyncStream<WorkerEvent>
  private let continuation: AsyncStream<WorkerEvent>.Continuation
  /// Answers, a checking plugin's findings among them, before the rest is dropped: nobody reads more.
  private static let maxAnswers = 10_000

  init(passing listener: @escaping WorkerProcess.Delivery) {
    let (answers, continuation) = AsyncStream.makeStream(of: WorkerEvent.self, bufferingPolicy: .unbounded)
    self.answers = answers
    self.continuation = continuation
    router = WorkerRouter(listener)
  }

  /// What the worker's thread calls.
  var deliver: WorkerProcess.Delivery {
    { [self] event in
      switch event {
      case .hello, .loaded, .refused, .diagnostic, .checked, .created:
        // The stream has no bound of its own: this count is it.
        let count = state.withLock { state in
          state.answers += 1
          return state.answers
        }
        if count <= Self.maxAnswers { continuation.yield(event) }
      case .ended:
        // The listener first: who waits for the conversation's end may then rely on what it was told.
        router.deliver(event)
        continuation.yield(event)
        continuation.finish()
      case .output(_, let line):
        state.withLock { state in
          state.lastLines.append(line)
          if state.lastLines.count > 5 { state.lastLines.removeFirst() }
        }
        router.deliver(event)
      case .violation(let message):
        state.withLock { $0.lastLines.append(message) }
        router.deliver(event)
      default: router.deliver(event)
      }
    }
  }

  func timeOut(after timeout: Duration) { state.withLock { $0.timeout = timeout } }

  /// The next answer. Throws `died` or `timeout` when the process ended instead.
  func next(of path: String) async throws(WorkerPoolError) -> WorkerEvent {
    var iterator = answers.makeAsyncIterator()
    guard let event = await iterator.next() else {
      throw WorkerPoolError(.died, "\(path): the host process is gone")
    }
    guard case .ended(let end) = event else { return event }
    let (lines, timeout) = state.withLock { ($0.lastLines, $0.timeout) }
    if let timeout {
      throw WorkerPoolError(.timeout, "\(path): loading it took longer than \(Int(timeout.inSeconds)) s")
    }
    let words = lines.isEmpty ? "" : "; it said: \(lines.joined(separator: " | "))"
    throw WorkerPoolError(.died, "\(path): the host process \(end.description) while loading it\(words)")
  }

  func unexpected(_ path: String) -> WorkerPoolError {
    WorkerPoolError(.died, "\(path): the host process broke the frame contract while loading it")
  }

  /// Waits until the process has ended.
  func drain() async {
    for await _ in answers {}
  }
}
