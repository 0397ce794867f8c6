import Dispatch
import Synchronization

/// Drives async code from a synchronous C call on the host's main thread: the thread waits, and does what the async code
/// asks of it, since parts of the contract may be called on the main thread only.
final class MainLoop: Sendable {
  private struct State {
    var task: Task<Void, Never>?
    var jobs: [@Sendable () -> Void] = []
    var result: Result<Void, any Error>?
  }

  private let state = Mutex(State())
  private let wakeUps = DispatchSemaphore(value: 0)

  /// Runs `body` on the concurrency pool and returns what it came to. Main thread; calls never overlap.
  func run(
    isCancelled: () -> Bool, _ body: @escaping @Sendable () async throws -> Void
  ) -> Result<Void, any Error> {
    // Unstructured because a C call stands above it: this function is what waits for it.
    let task = Task {
      let result: Result<Void, any Error>
      do {
        try await body()
        result = .success(())
      } catch {
        result = .failure(error)
      }
      self.state.withLock { $0.result = result }
      self.wakeUps.signal()
    }
    state.withLock { $0.task = task }
    // A cancellation that came before the line above found nobody to tell.
    if isCancelled() { task.cancel() }
    while true {
      wakeUps.wait()
      let (jobs, result) = state.withLock { state in
        defer {
          state.jobs = []
          if state.result != nil { state.task = nil }
          state.result = nil
        }
        return (state.jobs, state.result)
      }
      for job in jobs { job() }
      if let result { return result }
    }
  }

  /// Does `job` on the main thread; only from code that `run` drives.
  func perform<Value: Sendable>(_ job: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      state.withLock { $0.jobs.append { continuation.resume(returning: job()) } }
      wakeUps.signal()
    }
  }

  /// Cancels what `run` drives, if anything. Any thread.
  func cancel() {
    state.withLock { $0.task }?.cancel()
  }
}
