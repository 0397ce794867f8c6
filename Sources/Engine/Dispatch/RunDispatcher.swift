package import JobModel
package import Store

/// Runs that wait and runs under way: at most `limit` at once, by priority, one after another within a job unless they run beside.
///
///     RunLine                 which run is next: a value
///     RunDispatcher+Driving   one run from its turn to its end
package actor RunDispatcher: RunQueue {
  /// A run under way.
  package struct Active: Sendable {
    package var job: String
    package var run: ActiveRun
  }

  /// A run whose turn has come.
  struct Place {
    var waiting: WaitingRun
    /// nil: the plugin is being asked.
    var run: ActiveRun?
    /// Somebody cancelled it before it was under way.
    var cancelReason: String?
  }

  package nonisolated let places = JobPlaces()
  nonisolated let engine: Engine
  nonisolated let time: any TimeSource
  private nonisolated let timer: any WallTimer

  var line: RunLine
  var turns: [RunNumber: Place] = [:]
  private var listeners: [@Sendable (RunEnd) -> Void] = []
  private var isDraining = false
  private var isRunning = false
  private var drainers: [CheckedContinuation<Void, Never>] = []

  /// `limit`: runs under way at once. `timer` waits for runs that may not begin before an instant.
  package init(
    engine: Engine, limit: Int = 16, time: any TimeSource = SystemTimeSource(), timer: any WallTimer = SystemWallTimer()
  ) {
    self.engine = engine
    self.time = time
    self.timer = timer
    line = RunLine(limit: limit)
  }

  // MARK: What waits

  package func submit(_ runs: [WaitingRun]) {
    guard !runs.isEmpty else { return }
    let now = time.now()
    for run in runs {
      places.wait(run.id, number: run.number, of: run.job)
      line.add(run, at: now)
    }
    timer.wake()
  }

  package func clockWasSet() { timer.wake() }

  /// Runs that wait.
  package var waitingCount: Int { line.waitingCount }

  /// Cancels a run that waits or is under way. Returns the record as it then stands: one under way ends a little later. Throws
  /// `state` when it has ended, or nobody here has it.
  package func cancel(_ run: RunNumber, reason: String) async throws(EngineError) -> RunRecord {
    if turns[run] != nil {
      if let active = turns[run]?.run { active.cancel(reason: reason) } else { turns[run]?.cancelReason = reason }
      return try await record(of: run)
    }
    guard let waiting = line.remove(run) else {
      let record = try await record(of: run)
      throw EngineError(.state, "run \(record.id) is \(record.state.name) and not under way here: there is nothing to cancel")
    }
    do throws(EngineError) {
      try await end(waiting, as: .cancelled, reason)
      return try await record(of: run)
    } catch {
      line.add(waiting, at: time.now())
      timer.wake()
      throw error
    }
  }

  // MARK: What is under way

  /// The run of that number, if it is under way.
  package func activeRun(_ number: RunNumber) -> ActiveRun? { turns[number]?.run }

  package func active() -> [Active] {
    turns.values.compactMap { place in place.run.map { Active(job: place.waiting.job, run: $0) } }
  }

  /// Calls `listener` after each run's end, on any thread; it must return quickly.
  package func onEnd(_ listener: @escaping @Sendable (RunEnd) -> Void) { listeners.append(listener) }

  /// Starts runs until it is drained. Called once. When its task is cancelled, runs under way are stopped at once.
  package func run() async {
    isRunning = true
    await withDiscardingTaskGroup { group in
      while !isDraining {
        let now = time.now()
        while let next = line.next(at: now) {
          turns[next.number] = Place(waiting: next)
          places.begin(next.id, number: next.number, of: next.job)
          group.addTask { await self.drive(next) }
        }
        do {
          _ = try await timer.wait(until: line.nextChange)
        } catch is CancellationError {
          isDraining = true
          stopNow()
        } catch {
          // No timer is to be had; what waits for an instant looks again with the next run that comes or goes.
          do { try await time.sleep(for: .seconds(1)) } catch { isDraining = true }
        }
      }
    }
    isRunning = false
    for drainer in drainers { drainer.resume() }
    drainers.removeAll()
  }

  /// Nothing new begins; runs under way are stopped so that they can be resumed, after `grace` at once. Returns when all have.
  package func drain(grace: Duration) async {
    isDraining = true
    timer.wake()
    for place in turns.values { place.run?.stop() }
    await withDiscardingTaskGroup { group in
      group.addTask {
        do { try await self.time.sleep(for: grace) } catch { return }  // all have ended
        await self.stopNow()
      }
      if isRunning { await withCheckedContinuation { drainers.append($0) } }
      group.cancelAll()
    }
  }

  private func stopNow() {
    for place in turns.values { place.run?.stopNow() }
  }

  // MARK: For the runs being driven

  /// The run is under way: what was asked of it meanwhile is done now.
  func began(_ run: ActiveRun) {
    turns[run.number]?.run = run
    if let reason = turns[run.number]?.cancelReason { run.cancel(reason: reason) }
    if isDraining { run.stop() }
  }

  /// Its place is free, and others may go.
  func leave(_ waiting: WaitingRun, _ end: RunEnd) {
    turns[waiting.number] = nil
    places.release(waiting.id, of: waiting.job)
    line.ended(waiting)
    for listener in listeners { listener(end) }
    timer.wake()
  }

  /// It is tried again later; its place stays taken.
  func putBack(_ waiting: WaitingRun, until: Timestamp) {
    turns[waiting.number] = nil
    line.ended(waiting)
    var again = waiting
    again.notBefore = until
    line.add(again, at: time.now())
    places.wait(waiting.id, number: waiting.number, of: waiting.job)
    timer.wake()
  }

  func isCancelled(_ run: RunNumber) -> String? { turns[run]?.cancelReason }
}
