package import Engine
import JobModel
import Store
import Synchronization

/// How far a daemon is in its life, and what is wrong with it; shared by whoever learns of it.
package final class DaemonPhase: Sendable {
  package enum State: String, Sendable {
    case starting, ready, draining
  }

  private struct Content {
    var state = State.starting
    var problems: [String: String] = [:]
    var isDamaged = false
  }
  private let content = Mutex(Content())

  package init() {}

  package var state: State { content.withLock { $0.state } }

  package func move(to state: State) { content.withLock { $0.state = state } }

  /// Says what is wrong with one part (`jobs`, `plugins`, …), in one line; nil: nothing any more.
  package func note(_ problem: String?, of part: String) { content.withLock { $0.problems[part] = problem } }

  /// The store's check has failed: no work is taken from here on.
  package func noteDamage(_ problem: String) {
    content.withLock {
      $0.problems["store"] = problem
      $0.isDamaged = true
    }
  }

  var isDamaged: Bool { content.withLock { $0.isDamaged } }

  /// One line each, by part.
  package var problems: [String] { content.withLock { $0.problems.sorted { $0.key < $1.key }.map(\.value) } }

  /// Why no work is taken; nil: it is.
  var refusal: String? {
    content.withLock { content in
      switch content.state {
      case .starting: "the daemon is starting"
      case .draining: "the daemon is draining"
      case .ready: content.isDamaged ? content.problems["store"] : nil
      }
    }
  }
}

/// Answers of `/healthz` and `/readyz`, and for a watchdog.
package struct Probes: Sendable {
  private let engine: Engine
  private let scheduler: Scheduler
  private let phase: DaemonPhase
  /// How long the scheduler and the writer may take to answer.
  private let patience: Duration

  package init(engine: Engine, scheduler: Scheduler, phase: DaemonPhase, patience: Duration = .seconds(5)) {
    self.engine = engine
    self.scheduler = scheduler
    self.phase = phase
    self.patience = patience
  }

  /// Why no work is taken; nil: it is.
  package func unready() -> String? { phase.refusal }

  /// Has the scheduler and the store's writer take a turn. Returns what is stuck; nil: nothing is. While the daemon starts,
  /// and where the store is damaged, the scheduler is not asked.
  package func alive() async -> String? {
    let before = scheduler.heartbeat.last
    let writer = WriterSign()
    engine.store.pokeWriter { _ in writer.give() }
    let asksScheduler = phase.state == .ready && !phase.isDamaged  // a damaged store has stopped it
    if asksScheduler { scheduler.poke() }
    let deadline = ContinuousClock.now + patience
    while true {
      let schedulerLives = !asksScheduler || scheduler.heartbeat.last > before
      if schedulerLives && writer.isThere { return nil }
      if ContinuousClock.now >= deadline {
        return schedulerLives
          ? "the store's writer has not answered for \(patience)" : "the scheduler has not taken a turn for \(patience)"
      }
      do { try await Task.sleep(for: .milliseconds(2)) } catch { return "the daemon is ending" }
    }
  }
}

/// Set once by the writer's thread.
private final class WriterSign: Sendable {
  private let value = Mutex(false)
  var isThere: Bool { value.withLock { $0 } }
  func give() { value.withLock { $0 = true } }
}
