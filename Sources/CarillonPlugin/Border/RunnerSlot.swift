import Synchronization

/// One runner task and the item it has, so that an item's cancellation reaches its task and no other item's.
final class RunnerSlot: Sendable {
  /// `@unchecked`: `UnsafeCurrentTask` is not Sendable because it must not outlive its scope; it is used under the lock
  /// only, and `detach` removes it before the scope ends. `cancel` is among the calls another thread may make on it.
  private struct State: @unchecked Sendable {
    var task: UnsafeCurrentTask?
    var item: UInt64?
    var isCancelled = false
  }

  private let state: Mutex<State>

  init(_ task: UnsafeCurrentTask?) {
    state = Mutex(State(task: task))
  }

  func assign(item: UInt64) {
    state.withLock { $0.item = item }
  }

  /// The item is done. False: it was cancelled, and this task with it.
  func release() -> Bool {
    state.withLock { state in
      state.item = nil
      return !state.isCancelled
    }
  }

  func detach() {
    state.withLock { $0.task = nil }
  }

  /// Cancels the task if it has that item (0: any).
  func cancel(item: UInt64) {
    state.withLock { state in
      guard let current = state.item, item == 0 || item == current else { return }
      state.isCancelled = true
      state.task?.cancel()
    }
  }
}
