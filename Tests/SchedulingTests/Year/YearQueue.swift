import Engine
import HeapModule
import JobModel
import Seeded
import Store
import Synchronization

/// Runs that end after random times on the simulation's clock. Ends are written to the store when the daemon goes.
final class YearQueue: RunQueue {
  struct Running: Sendable {
    var run: WaitingRun
    var endsAt: Timestamp
  }

  private struct End: Comparable {
    var at: Timestamp
    var run: WaitingRun
    static func < (left: Self, right: Self) -> Bool { (left.at, left.run.number.raw) < (right.at, right.run.number.raw) }
  }

  private struct Begin: Comparable {
    var at: Timestamp
    var job: String
    static func < (left: Self, right: Self) -> Bool { (left.at, left.job) < (right.at, right.job) }
  }

  private struct State {
    var waiting: [String: [WaitingRun]] = [:]
    /// Jobs of which something may begin that could not before.
    var touched: Set<String> = []
    /// Soonest first; some of runs that are no more.
    var ends = Heap<End>()
    var begins = Heap<Begin>()
    var active: [String: [Running]] = [:]
    var cancelled: [WaitingRun] = []
    var submitted: [WaitingRun] = []
    var ended: [RunNumber] = []
  }

  let places = JobPlaces()
  private let state = Mutex(State())
  private let store: any Store

  init(_ store: any Store) { self.store = store }

  func submit(_ runs: [WaitingRun]) async {
    for run in runs {
      places.wait(run.id, number: run.number, of: run.job)
      state.withLock {
        $0.waiting[run.job, default: []].append(run)
        if let at = run.notBefore { $0.begins.insert(Begin(at: at, job: run.job)) }
        $0.touched.insert(run.job)
        $0.submitted.append(run)
      }
    }
  }

  func cancel(_ number: RunNumber, reason: String) async throws(EngineError) -> RunRecord {
    let found: WaitingRun? = state.withLock { state in
      for runs in state.waiting.values { if let run = runs.first(where: { $0.number == number }) { return run } }
      for runs in state.active.values { if let run = runs.first(where: { $0.run.number == number }) { return run.run } }
      return nil
    }
    guard let found else { throw EngineError(.state, "it has ended") }
    end(found)
    state.withLock { $0.cancelled.append(found) }
    do throws(StoreError) { return try await store.run(number)! } catch { throw EngineError(error) }
  }

  func clockWasSet() async {}

  func end(_ run: WaitingRun) {
    state.withLock {
      $0.waiting[run.job]?.removeAll { $0.number == run.number }
      $0.active[run.job]?.removeAll { $0.run.number == run.number }
      $0.ended.append(run.number)
      $0.touched.insert(run.job)
    }
    places.release(run.id, of: run.job)
  }

  /// Runs that were submitted since this was last asked.
  func takeSubmitted() -> [WaitingRun] {
    state.withLock { state in
      defer { state.submitted.removeAll() }
      return state.submitted
    }
  }

  /// Runs that were cancelled since this was last asked.
  func takeCancelled() -> [WaitingRun] {
    state.withLock { state in
      defer { state.cancelled.removeAll() }
      return state.cancelled
    }
  }

  /// Begins what may begin, and returns it.
  func begin(at now: Timestamp, lasting duration: (String) -> Duration) -> [Running] {
    var begun: [Running] = []
    let touched = state.withLock { state in
      while let first = state.begins.min, first.at <= now {
        state.touched.insert(first.job)
        state.begins.removeMin()
      }
      defer { state.touched.removeAll() }
      return state.touched.sorted()
    }
    for job in touched {
      for run in state.withLock({ $0.waiting[job] ?? [] }) where run.notBefore.map({ $0 <= now }) ?? true {
        let isAlone = state.withLock { $0.active[job]?.isEmpty ?? true }
        guard isAlone || run.lane != .serial else { break }
        let running = Running(run: run, endsAt: now + duration(job))
        state.withLock {
          if let index = $0.waiting[job]?.firstIndex(of: run) { $0.waiting[job]?.remove(at: index) }
          $0.active[job, default: []].append(running)
          $0.ends.insert(End(at: running.endsAt, run: run))
        }
        places.begin(run.id, number: run.number, of: job)
        begun.append(running)
      }
    }
    return begun
  }

  /// The run that ends next.
  var next: Running? {
    state.withLock { state in
      while let first = state.ends.min {
        if let found = state.active[first.run.job]?.first(where: { $0.run == first.run }) { return found }
        state.ends.removeMin()
      }
      return nil
    }
  }

  /// The next instant that a waiting run waits for.
  var nextBegin: Timestamp? { state.withLock { $0.begins.min?.at } }

  /// Writes to the store which runs have ended.
  func settle() async throws {
    let ended = state.withLock { state in
      defer { state.ended.removeAll() }
      return state.ended
    }
    try await withThrowingTaskGroup(of: Void.self) { [store] group in
      for number in ended {
        group.addTask {
          _ = try await store.moveRun(number, RunMove(from: .queued, to: .cancelled, at: Timestamp(microseconds: 0)))
        }
      }
      try await group.waitForAll()
    }
  }
}
