import CCarillonPlugin
import CarillonPlugin
import Dispatch

/// Handing over items and waiting for them.
extension FakeHost {
  /// What ended a wait.
  enum Room {
    /// Nothing is open and nothing is waiting.
    case done
    /// Items are waiting, and more may be open than are.
    case room
    /// Nothing was completed for too long; the open keys.
    case stuck([String])
  }

  /// The next batch; nil when nothing is waiting or the window is full.
  func nextBatch(window: Int, batchSize: Int) -> (memory: BatchMemory, ids: [UInt64])? {
    withState { state in
      let items = state.take(min(batchSize, window - state.open.count))
      guard !items.isEmpty else { return nil }
      var entries: [(id: UInt64, attempt: Int, item: TestItem)] = []
      for item in items {
        entries.append((state.nextID, state.script.attempts[item.key] ?? 1, item))
        state.nextID += 1
      }
      let memory = BatchMemory(entries)
      for (index, entry) in entries.enumerated() {
        state.open[entry.id] = HostState.OpenItem(key: entry.item.key, memory: memory, index: index)
      }
      return (memory, entries.map(\.id))
    }
  }

  /// `process` returned without CARILLON_PENDING: what is still open of its batch is the host's to complete.
  func closeAll(_ ids: [UInt64], status: Int32) {
    withState { state in
      let reason: String
      switch status {
      case CARILLON_OK: reason = "was never completed"
      case CARILLON_ERROR: reason = state.record.errors.last ?? "process failed and gave no reason"
      default:
        reason = "process returned \(status)"
        state.breach("process returned the unknown status \(status)")
      }
      for id in ids {
        guard let item = state.open[id] else { continue }
        state.close(
          id,
          Completion(
            key: item.key, kind: .retry, reason: reason, after: nil, dependency: "", output: "",
            effect: "", isByPlugin: false, wasCancelled: item.isCancelled || state.isAllCancelled),
          keepsEvents: false)
      }
    }
  }

  /// Waits for the next completion unless there is something to do already.
  func waitForRoom(window: Int, patience: Duration) async -> Room {
    let before = withState(\.record.completions.count)
    let alarm = DispatchWorkItem {
      let waiters = self.withState { state in
        defer { state.waiters = [] }
        return state.waiters
      }
      for waiter in waiters { waiter.resume() }
    }
    let (seconds, attoseconds) = patience.components
    DispatchQueue.global().asyncAfter(
      deadline: .now() + Double(seconds) + Double(attoseconds) / 1e18, execute: alarm)
    defer { alarm.cancel() }
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let isReady = withState { state -> Bool in
        if room(state, window) != nil { return true }
        state.waiters.append(continuation)
        return false
      }
      if isReady { continuation.resume() }
    }
    return withState { state in
      if let room = room(state, window) { return room }
      return state.record.completions.count > before
        ? .room : .stuck(state.open.values.map(\.key))
    }
  }

  private func room(_ state: HostState, _ window: Int) -> Room? {
    let isWaiting = state.position < state.queue.count
    if isWaiting, state.open.count < window { return .room }
    return !isWaiting && state.open.isEmpty ? .done : nil
  }
}
