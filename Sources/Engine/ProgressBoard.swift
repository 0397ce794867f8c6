import JobModel
import Synchronization

/// Where a run shows itself to who is watching.
package final class ProgressBoard: Sendable {
  private struct State {
    var progress: RunProgress
    var listener: (@Sendable (LogLine) -> Void)?
  }
  private let state: Mutex<State>

  init(_ progress: RunProgress) { state = Mutex(State(progress: progress)) }

  package var progress: RunProgress { state.withLock { $0.progress } }

  func show(_ progress: RunProgress) { state.withLock { $0.progress = progress } }

  func setLogListener(_ listener: @escaping @Sendable (LogLine) -> Void) { state.withLock { $0.listener = listener } }

  func hear(_ line: LogLine) {
    let listener = state.withLock { $0.listener }
    listener?(line)
  }
}
