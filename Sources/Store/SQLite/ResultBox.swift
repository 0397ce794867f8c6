internal import Synchronization

/// Brings one value from a thread of the store to the caller that waits for it.
final class ResultBox<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)

  func set(_ value: Value) { self.value.withLock { $0 = value } }

  /// The value; to be called once, after it was set.
  func take() -> Value {
    let value = value.withLock { $0.take() }
    guard let value else { preconditionFailure("a result was taken that nobody has set") }
    return value
  }
}

/// The end of a thread's work, to be waited for once.
final class Ending: Sendable {
  private enum State {
    case open
    case awaited(CheckedContinuation<StoreError?, Never>)
    case ended(StoreError?)
  }

  private let state = Mutex(State.open)

  func signal(_ failure: StoreError?) {
    let waiting: CheckedContinuation<StoreError?, Never>? = state.withLock { state in
      defer { state = .ended(failure) }
      if case .awaited(let continuation) = state { return continuation }
      return nil
    }
    waiting?.resume(returning: failure)
  }

  func wait() async -> StoreError? {
    await withCheckedContinuation { continuation in
      let failure: StoreError?? = state.withLock { state in
        if case .ended(let failure) = state { return .some(failure) }
        state = .awaited(continuation)
        return nil
      }
      if let failure { continuation.resume(returning: failure) }
    }
  }
}
