import ControlAPI
package import Engine
import Foundation
package import JobModel
import Store

/// What may be asked of a daemon, done in its own process: over the engine, the scheduler, the dispatcher and the job files.
package struct DaemonControl: Control {
  /// What the daemon knows of itself.
  package struct Facts: Sendable {
    package var version: String
    package var startedAt: Timestamp
    /// Begins the end: returns at once.
    package var drain: @Sendable () -> Void

    package init(version: String, startedAt: Timestamp, drain: @escaping @Sendable () -> Void) {
      self.version = version
      self.startedAt = startedAt
      self.drain = drain
    }
  }

  let engine: Engine
  let scheduler: Scheduler
  let dispatcher: RunDispatcher
  let source: JobSource
  let phase: DaemonPhase
  let facts: Facts
  let time: any TimeSource
  /// One reload at a time: each reads the files anew.
  let reloads = Turnstile()

  package init(
    engine: Engine, scheduler: Scheduler, dispatcher: RunDispatcher, jobs source: JobSource, phase: DaemonPhase, facts: Facts,
    time: any TimeSource = SystemTimeSource()
  ) {
    self.engine = engine
    self.scheduler = scheduler
    self.dispatcher = dispatcher
    self.source = source
    self.phase = phase
    self.facts = facts
    self.time = time
  }

  var store: SQLiteStore { engine.store }

  /// Work is begun only while the daemon is ready.
  func requireReady() throws(ControlError) {
    if let refusal = phase.refusal { throw ControlError(.unavailable, "\(refusal): nothing new begins") }
  }

  /// Does something in the store, with its errors as the control's own.
  func inStore<Value>(_ body: () async throws(StoreError) -> Value) async throws(ControlError) -> Value {
    do throws(StoreError) { return try await body() } catch { throw ControlError(error) }
  }

  /// … in the engine.
  func inEngine<Value>(_ body: () async throws(EngineError) -> Value) async throws(ControlError) -> Value {
    do throws(EngineError) { return try await body() } catch { throw ControlError(error) }
  }

  func record(_ reference: String) async throws(ControlError) -> RunRecord {
    await standing(try await inStore { () throws(StoreError) in try await store.run(reference: reference) })
  }

  /// The run as it is meant: one that a person takes up again stands in the store as ended until its turn comes, and waits.
  func standing(_ run: RunRecord) async -> RunRecord {
    guard run.state.isFinal, run.state.allows(.queued) else { return run }
    let active = await dispatcher.activeRun(run.number)
    guard dispatcher.places.has(run.id, of: run.job.name), active?.progress.state.isFinal ?? true else { return run }
    var waiting = run
    waiting.state = .queued
    waiting.finishedAt = nil
    waiting.error = nil
    return waiting
  }

  /// The run as it stands now.
  func record(_ number: RunNumber) async throws(ControlError) -> RunRecord {
    let run = try await stored(number)
    let standing = await standing(run)
    guard run.state.isFinal, run.state.allows(.queued), standing.state == run.state else { return standing }
    // A person may have had it taken up again, and it may have begun since it was read: what was read is then of the time before.
    return await self.standing(try await stored(number))
  }

  private func stored(_ number: RunNumber) async throws(ControlError) -> RunRecord {
    guard let run = try await inStore({ () throws(StoreError) in try await store.run(number) }) else {
      throw ControlError(.notFound, "the run is gone from the store: it was pruned just now")
    }
    return run
  }

  /// The job in force. Throws `notFound` with the nearest name.
  func definition(_ name: String) async throws(ControlError) -> JobDefinition {
    if let job = try await inEngine({ () throws(EngineError) in try await scheduler.job(name) }) { return job }
    throw await unknown(name)
  }

  func unknown(_ name: String) async -> ControlError {
    let suggestion = await scheduler.jobNames.nearest(to: name).map { "; did you mean \"\($0)\"?" } ?? ""
    return ControlError(.notFound, "there is no job \"\(name.forPeople)\"\(suggestion)")
  }
}
