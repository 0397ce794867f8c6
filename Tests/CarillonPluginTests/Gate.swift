import Dispatch
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
        return self.released(&state)
      }
      for waiter in released { waiter.resume() }
    }
  }

  /// Arrives and goes on without waiting.
  func arrive() {
    let released = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      state.arrived += 1
      return self.released(&state)
    }
    for waiter in released { waiter.resume() }
  }

  func open() {
    let released = state.withLock { state in
      state.isOpen = true
      return self.released(&state)
    }
    for waiter in released { waiter.resume() }
  }

  private func released(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
    guard state.isOpen || state.arrived >= width else { return [] }
    state.isOpen = true
    defer { state.waiting = [] }
    return state.waiting
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

/// Which items were marked as cancelled.
final class Marks: Sendable {
  private let marks = Mutex<[UInt64]>([])

  var cancelled: [UInt64] { marks.withLock { $0.sorted() } }

  func add(_ id: UInt64, _ isCancelled: Bool) {
    if isCancelled { marks.withLock { $0.append(id) } }
  }
}

/// Runs `body` on a thread that may block.
func onThread(_ body: @escaping @Sendable () -> Void) {
  DispatchQueue(label: "carillon.tests.thread").async(execute: body)
}
