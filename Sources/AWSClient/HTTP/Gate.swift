import Synchronization

/// Lets at most so many in at once; the others wait in the order of their coming. Waiting ends with the caller's cancellation.
package final class Gate: Sendable {
  private struct State {
    var free: Int
    var nextTicket = 0
    var waiting: [(ticket: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    /// Cancelled before they waited.
    var cancelled: Set<Int> = []
  }

  private let state: Mutex<State>

  package init(limit: Int) { state = Mutex(State(free: max(1, limit))) }

  /// Throws `cancelled`.
  package func enter() async throws(AWSError) {
    let (entered, ticket) = state.withLock { state -> (Bool, Int) in
      if state.free > 0 {
        state.free -= 1
        return (true, 0)
      }
      state.nextTicket += 1
      return (false, state.nextTicket)
    }
    if entered { return }
    let granted = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer = state.withLock { state -> Bool? in
          if state.cancelled.remove(ticket) != nil { return false }
          if state.free > 0 {
            state.free -= 1
            return true
          }
          state.waiting.append((ticket, continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
        guard let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
          state.cancelled.insert(ticket)
          return nil
        }
        return state.waiting.remove(at: index).continuation
      }
      waiter?.resume(returning: false)
    }
    // A cancellation that came after the grant left its mark behind.
    state.withLock { _ = $0.cancelled.remove(ticket) }
    guard granted else { throw AWSError(.cancelled, "cancelled while waiting for a connection") }
  }

  /// Once for every `enter` that returned.
  package func leave() {
    let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      if state.waiting.isEmpty {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst().continuation
    }
    next?.resume(returning: true)
  }
}
