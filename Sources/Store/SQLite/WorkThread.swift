internal import Dispatch
internal import Foundation
internal import Synchronization

/// A thread of its own that takes waiting jobs in their order, several at a time: blocking file I/O never holds up a thread of
/// Swift's cooperative pool. Jobs wait unbounded, because whoever submits one waits for its end.
final class WorkThread<Job: Sendable>: Sendable {
  private struct State {
    var waiting: [Job] = []
    var isIdle = false
    var isStopped = false
  }

  private let state = Mutex(State())
  private let wakeUp = DispatchSemaphore(value: 0)

  /// Starts the thread. `take` says how many of the waiting jobs (at least one) go into the next call of `process`; `finish`
  /// is called once, at the end, on the thread.
  init(
    name: String, take: @escaping @Sendable ([Job]) -> Int, process: @escaping @Sendable ([Job]) -> Void,
    finish: @escaping @Sendable () -> Void
  ) {
    let thread = Thread { [self] in
      while let jobs = next(take) { process(jobs) }
      finish()
    }
    thread.name = name
    thread.start()
  }

  /// False when the thread has been told to stop: the job will not run.
  func submit(_ job: Job) -> Bool {
    let (isTaken, mustWake) = state.withLock { state in
      guard !state.isStopped else { return (false, false) }
      state.waiting.append(job)
      defer { state.isIdle = false }
      return (true, state.isIdle)
    }
    if mustWake { wakeUp.signal() }
    return isTaken
  }

  /// Lets the thread end once what waits is done. False when it was told so before.
  @discardableResult
  func stop() -> Bool {
    let (isFirst, mustWake) = state.withLock { state in
      defer {
        state.isStopped = true
        state.isIdle = false
      }
      return (!state.isStopped, state.isIdle)
    }
    if mustWake { wakeUp.signal() }
    return isFirst
  }

  /// The next jobs; nil at the end.
  private func next(_ take: ([Job]) -> Int) -> [Job]? {
    while true {
      let (jobs, isOver): ([Job], Bool) = state.withLock { state in
        if state.waiting.isEmpty {
          state.isIdle = !state.isStopped
          return ([], state.isStopped)
        }
        let count = min(max(1, take(state.waiting)), state.waiting.count)
        let jobs = Array(state.waiting.prefix(count))
        state.waiting.removeFirst(count)
        return (jobs, false)
      }
      if !jobs.isEmpty { return jobs }
      if isOver { return nil }
      wakeUp.wait()
    }
  }
}
