import Engine
import JobModel
import Store
import Synchronization

/// A dispatcher's place taken: runs begin and end when the test says so, and end in the store too.
final class TestQueue: RunQueue {
  let places = JobPlaces()
  private let store: any Store
  private let state = Mutex<(waiting: [WaitingRun], active: [WaitingRun], cancelled: [WaitingRun])>(([], [], []))

  init(_ store: any Store) { self.store = store }

  var waiting: [WaitingRun] { state.withLock { $0.waiting } }
  var active: [WaitingRun] { state.withLock { $0.active } }
  /// The next cancellations fail for want of room.
  let isFull = Mutex(false)
  /// Runs that were cancelled through `cancel`.
  var cancelled: [WaitingRun] { state.withLock { $0.cancelled } }

  func submit(_ runs: [WaitingRun]) async {
    for run in runs { places.wait(run.id, number: run.number, of: run.job) }
    state.withLock { $0.waiting += runs }
  }

  func cancel(_ run: RunNumber, reason: String) async throws(EngineError) -> RunRecord {
    guard let found = (waiting + active).first(where: { $0.number == run }) else { throw EngineError(.state, "it has ended") }
    if isFull.withLock({ $0 }) { throw EngineError(StoreError(.full, "the disk is full")) }
    state.withLock { $0.cancelled.append(found) }
    do {
      try await end(found)
      return try await store.run(run)!
    } catch {
      throw EngineError(.store, "\(error)")
    }
  }

  func clockWasSet() async {}

  func begin(_ run: WaitingRun) {
    state.withLock {
      $0.waiting.removeAll { $0.number == run.number }
      $0.active.append(run)
    }
    places.begin(run.id, number: run.number, of: run.job)
  }

  func end(_ run: WaitingRun) async throws {
    state.withLock {
      $0.waiting.removeAll { $0.number == run.number }
      $0.active.removeAll { $0.number == run.number }
    }
    _ = try await store.moveRun(run.number, RunMove(from: .queued, to: .cancelled, at: Timestamp(microseconds: 0)))
    places.release(run.id, of: run.job)
  }

  func endAll() async throws {
    for run in waiting + active { try await end(run) }
  }
}
