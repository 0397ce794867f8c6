import JobModel
import Store
import WorkerPool

/// The ways out of a run: finished, stopped, cancelled, given up, broken.
extension RunLoop {
  private static let maxFinishFailures = 3

  var isFinishing: Bool {
    if case .finishing = mode { true } else { false }
  }

  /// Nothing is left to do or to wait for.
  var isOver: Bool {
    switch mode {
    case .working: false
    case .finishing: isFinished && openNotes == 0
    case .leaving(let leaving):
      if case .broken = leaving.reason {
        slots.values.allSatisfy { $0.phase == .starting } && !isInserting && !isRecording && !isMoving && openNotes == 0
      } else {
        inFlightCount == 0 && slots.values.allSatisfy { isIdle($0, leaving) } && pendingInserts.isEmpty && !isInserting
          && !isRecording && !isMoving && pendingRecord.entries.isEmpty && deferred.isEmpty && openNotes == 0
      }
    }
  }

  /// The run need not wait for it. A worker on its way is awaited as long as others are; then its start is cancelled.
  private func isIdle(_ slot: Slot, _ leaving: Leaving) -> Bool {
    slot.phase == .ready || slot.phase == .starting && uptime >= leaving.killsAt
  }

  // MARK: Beginning

  /// Takes the run out of `queued`, or out of whatever an engine that died left it in.
  func begin() async throws(EngineError) {
    let number = context.record.number
    do throws(StoreError) {
      if state != .queued {
        try await require(RunMove(from: state, to: .queued, at: context.time.now()))
        state = .queued
      }
      if counts.total > 0 { counts = try await context.store.countItems(run: number).withMeters(of: counts) }
    } catch {
      throw EngineError(error)
    }
    if context.record.state == .failed { forgiven = (counts.failed, counts.ended) }
    // Not waited for: the first items are stored in the same transaction or a later one, and it saves them a sync.
    move(to: isDiscovered ? .running : .discovering)
  }

  private func require(_ move: RunMove) async throws(StoreError) {
    guard try await context.store.moveRun(context.record.number, move) else {
      throw StoreError(.conflict, "run \(context.record.id) is no longer \(move.from.name): something else has moved it")
    }
  }

  // MARK: Finishing

  func beginFinishingIfDone() {
    guard state == .running, pendingInserts.isEmpty, !isInserting, counts.available == 0, counts.retrying == 0,
      inFlightCount == 0,
      !isRecording, pendingRecord.entries.isEmpty, deferred.isEmpty, !isFetching, !isPromoting, openNotes == 0
    else { return }
    mode = .finishing
    pumpFinish()
  }

  func pumpFinish() {
    guard !isFinished, !slots.values.contains(where: { $0.phase == .finishing }) else { return }
    guard let slot = slots.values.first(where: { $0.isUsable && $0.inFlight.isEmpty })
    else {
      if !slots.values.contains(where: { $0.phase == .starting }) { startWorker() }
      return
    }
    guard slot.worker!.hasFinish else {
      isFinished = true
      return
    }
    slots[slot.id]?.phase = .finishing
    slots[slot.id]?.lastSignAt = uptime
    let ends = WorkerRunCounts(
      succeeded: counts.succeeded, skipped: counts.skipped, failed: counts.failed, cancelled: counts.cancelled)
    slot.worker?.send { [startedAt] in $0.finish(ends, startedAt: startedAt) }
  }

  func finished(_ result: CallResult, by id: SlotID) {
    guard slots[id]?.phase == .finishing else { return }
    slots[id]?.phase = .ready
    settle(id)
    switch result {
    case .done: isFinished = true
    case .cancelled: finishFailed("it stopped as if it had been cancelled")
    case .failed(let message):
      note(.error, "the plugin could not look back on the run: \(message)")
      isFinished = true
    }
  }

  /// A look back that broke is tried again; it never changes what became of the items.
  func finishFailed(_ words: String) {
    finishFailures += 1
    note(.error, "the plugin could not look back on the run (\(finishFailures)): \(words)")
    if finishFailures >= Self.maxFinishFailures { isFinished = true }
  }

  // MARK: Leaving

  func stop(immediately: Bool) {
    leave(.stop, grace: immediately ? .zero : context.job.timeouts.cancelGrace)
    if immediately, case .leaving(var leaving) = mode {
      leaving.killsAt = uptime
      mode = .leaving(leaving)
    }
  }

  /// Begins to leave the run. The first reason stands, but for a break-down, which overrides all.
  func leave(_ reason: Leaving.Reason, grace: Duration) {
    if case .leaving = mode { return }
    mode = .leaving(Leaving(reason: reason, killsAt: uptime + grace))
    var endsItems = true
    if case .stop = reason { endsItems = false }
    ready.removeAll()
    isolation.removeAll()
    for (id, slot) in slots {
      let isCalled = slot.phase == .discovering || slot.phase == .finishing
      guard isCalled || endsItems && !slot.inFlight.isEmpty else { continue }
      slots[id]?.cancelledAllAt = uptime
      slot.worker?.send { $0.cancel(nil) }
    }
  }

  /// The store or the engine broke: nothing can be recorded any more, so nothing may go on.
  func breakDown(_ error: EngineError) {
    if case .leaving(let leaving) = mode, case .broken = leaving.reason { return }
    mode = .leaving(Leaving(reason: .broken(error), killsAt: uptime))
    note(.error, error.message)
    ready.removeAll()
    isolation.removeAll()
    pendingInserts.removeAll()
    pendingInsertBytes = 0
    pendingRecord.clear()
    deferred.removeAll()
    for slot in slots.values { slot.worker?.kill() }
  }

  func pumpLeaving() {
    guard case .leaving(let leaving) = mode else { return }
    let busy = slots.values.filter { $0.phase != .ready || !$0.inFlight.isEmpty }
    guard !busy.isEmpty else {
      if case .broken = leaving.reason { for slot in slots.values { slot.worker?.kill() } }
      return
    }
    guard uptime >= leaving.killsAt else { return arm(leaving.killsAt) }
    for slot in busy where slot.kill == nil {
      slots[slot.id]?.kill = .stop
      slot.worker?.kill()
    }
  }

  // MARK: The end

  /// After the loop: the run's last move, and the workers back to the pool.
  func end() async throws(EngineError) -> RunResult {
    defer { log.flush() }
    await withTaskGroup(of: Void.self) { group in
      for slot in slots.values {
        guard let worker = slot.worker else { continue }
        let isSound = slot.phase == .ready && !slot.retires && slot.kill == nil && slot.cancelledAllAt == nil
        group.addTask { [context] in
          if isSound { await context.pool.giveBack(worker) } else { await worker.end(grace: .seconds(2), time: context.time) }
        }
      }
    }
    if case .leaving(let leaving) = mode, case .broken(let error) = leaving.reason { throw error }
    do throws(StoreError) {
      try await close()
      guard let record = try await context.store.run(context.record.number) else {
        throw StoreError(.notFound, "run \(context.record.id) is gone from the store")
      }
      note(.info, "run \(record.id) is \(record.state.name)")
      context.meters.count(record)
      var stopped = false
      if case .leaving(let leaving) = mode, case .stop = leaving.reason { stopped = true }
      return RunResult(record: record, wasStopped: stopped)
    } catch {
      throw EngineError(error)
    }
  }

  private func close() async throws(StoreError) {
    let number = context.record.number
    let now = context.time.now()
    switch mode {
    case .working, .finishing:
      try await require(RunMove(from: .running, to: .finishing, at: now))
      let end: RunState = counts.failed > 0 ? .completedWithFailures : .succeeded
      try await require(RunMove(from: .finishing, to: end, at: now, report: report))
    case .leaving(let leaving):
      switch leaving.reason {
      case .stop, .broken: try await require(RunMove(from: state, to: .queued, at: now))
      case .fail(let message): try await require(RunMove(from: state, to: .failed, at: now, error: message))
      case .cancel(let reason):
        // The run first: killed in between, it must not be resumed to a success that some items had no part in.
        try await require(RunMove(from: state, to: .cancelled, at: now, error: reason))
        _ = try await context.store.cancelItems(run: number, at: now)
      }
    }
  }
}

extension ItemCounts {
  /// The counts of items, with the meters that are no items kept from the run's row.
  func withMeters(of other: ItemCounts) -> ItemCounts {
    var counts = self
    counts.duplicateKeys = other.duplicateKeys
    counts.staleOutcomes = other.staleOutcomes
    return counts
  }
}
