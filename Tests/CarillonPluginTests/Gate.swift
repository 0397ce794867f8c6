import Synchronization

/// Lets nobody through until so many have arrived, or somebody opens it.
final class Gate: Sendable {
  private struct State {
    var waiting: [CheckedContinuation<Void, Never>] = []
    var arrived = 0
    var isOpen = false
  }

  private let state = Mutex(State())
  private let width: Int

  init(width: Int = .max) {
    self.width = width
  }

  var arrived: Int { state.withLock(\.arrived) }

  func pass() async {
    await withCheckedContinuation { continuation in
      let released = state.withLock { state -> [CheckedContinuation<Void, Never>] in
        state.arrived += 1
        state.waiting.append(continuation)
        guard state.isOpen || state.arrived >= width else { return [] }
        state.isOpen = true
        defer { state.waiting = [] }
        return state.waiting
      }
      for waiter in released { waiter.resume() }
    }
  }

  func open() {
    let released = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for waiter in released { waiter.resume() }
  }
}

/// A number that several threads raise, and its peak.
final class Level: Sendable {
  private let state = Mutex((now: 0, peak: 0))

  var peak: Int { state.withLock(\.peak) }

  func enter() {
    state.withLock { state in
      state.now += 1
      state.peak = max(state.peak, state.now)
    }
  }

  func leave() {
    state.withLock { $0.now -= 1 }
  }
}
