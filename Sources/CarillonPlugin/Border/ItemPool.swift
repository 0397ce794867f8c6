import Dispatch
import Synchronization

/// Runs items concurrently, up to a limit, in runner tasks that pull from one queue.
///
/// A runner is a child task of one task group that lives as long as the pool. There are as many as needed: one spare
/// runner is asked for whenever items wait, and it asks for the next when it starts. While items only compute, the spare
/// gets no thread and two or three runners drain the queue; once they suspend, the spare starts, and the chain grows to
/// the limit.
final class ItemPool: Sendable {
  typealias Body = @Sendable (PieceQueue.Work) async -> Void

  private struct State {
    var waiting = PieceQueue()
    var slots: [RunnerSlot] = []
    /// A runner that was asked for and has not started.
    var hasSpare = false
    /// Set while a batch is being taken in: cancellations of unknown items are then kept for when they arrive.
    var isArriving = false
    var cancelledEarly: Set<UInt64> = []
    var isAllCancelledEarly = false
  }

  private let limit: Int
  private let state = Mutex(State())
  private let requests: AsyncStream<Void>.Continuation
  private let hasEnded = DispatchSemaphore(value: 0)
  private let body: Body

  /// `body` does and completes one item; one that was cancelled while it waited says so.
  init(limit: Int, body: @escaping Body) {
    self.limit = limit
    self.body = body
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    requests = continuation
    // The pool's one unstructured task: a C call made the instance. `end` waits for it.
    Task {
      await withDiscardingTaskGroup { group in
        for await _ in stream {
          group.addTask { await self.runSpare() }
        }
      }
      self.hasEnded.signal()
    }
  }

  /// Says that a batch is about to be submitted. Main thread.
  func beginArrival() {
    state.withLock { $0.isArriving = true }
  }

  func endArrival() {
    state.withLock { state in
      state.isArriving = false
      state.cancelledEarly = []
      state.isAllCancelledEarly = false
    }
  }

  /// Queues items. Main thread.
  func submit(_ piece: Piece) {
    state.withLock { state in
      state.waiting.append(piece)
      if state.isAllCancelledEarly { _ = state.waiting.cancel(item: 0) }
      for item in state.cancelledEarly { _ = state.waiting.cancel(item: item) }
      askForSpare(&state)
    }
  }

  /// Cancels one item, or all when `item` is 0. Any thread; does not wait.
  func cancel(item: UInt64) {
    let slots = state.withLock { state -> [RunnerSlot] in
      let isFound = state.waiting.cancel(item: item)
      if state.isArriving, item == 0 { state.isAllCancelledEarly = true }
      if state.isArriving, !isFound { state.cancelledEarly.insert(item) }
      return isFound ? [] : state.slots
    }
    for slot in slots { slot.cancel(item: item) }
  }

  /// Ends the runners once the queue is empty, and waits for them. Main thread; nothing is submitted afterwards.
  func end() {
    requests.finish()
    hasEnded.wait()
  }

  private func runSpare() async {
    await withUnsafeCurrentTask { task in
      let slot = RunnerSlot(task)
      var next = state.withLock { state -> PieceQueue.Work? in
        state.hasSpare = false
        guard let work = take(&state, slot) else { return nil }
        state.slots.append(slot)
        askForSpare(&state)
        return work
      }
      while let work = next {
        await body(work)
        // A task cannot be un-cancelled: a runner whose item was cancelled retires, another takes its place.
        let isWornOut = !slot.release()
        next = state.withLock { state in
          if !isWornOut, let work = take(&state, slot) { return work }
          state.slots.removeAll { $0 === slot }
          askForSpare(&state)
          return nil
        }
      }
      slot.detach()
    }
  }

  private func take(_ state: inout State, _ slot: RunnerSlot) -> PieceQueue.Work? {
    guard let work = state.waiting.popFirst() else { return nil }
    slot.assign(item: work.id)
    return work
  }

  private func askForSpare(_ state: inout State) {
    guard !state.hasSpare, !state.waiting.isEmpty, state.slots.count < limit else { return }
    state.hasSpare = true
    requests.yield()
  }
}
