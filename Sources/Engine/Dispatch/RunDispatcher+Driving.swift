import JobModel
import Store

/// One run from its turn to its end.
extension RunDispatcher {
  /// How long a run waits that the store could not be asked about, or could not record.
  private static let storeRetry = Duration.seconds(10)

  func drive(_ waiting: WaitingRun) async {
    do throws(EngineError) {
      let result = try await result(of: waiting)
      leave(waiting, RunEnd(result.record, wasStopped: result.wasStopped))
    } catch {
      await failed(waiting, error)
    }
  }

  private func result(of waiting: WaitingRun) async throws(EngineError) -> RunResult {
    let record = try await record(of: waiting.number)
    if record.state.isFinal, !record.state.allows(.queued) { return RunResult(record: record, wasStopped: false) }
    if let reason = isCancelled(waiting.number) {
      try await move(record, to: .cancelled, reason)
      return RunResult(record: try await self.record(of: waiting.number), wasStopped: false)
    }
    let run = try await engine.resume(record)
    began(run)
    return try await run.drive()
  }

  /// The run could not be driven. One that the store failed goes on when there is a store again; any other ends as `failed`.
  private func failed(_ waiting: WaitingRun, _ error: EngineError) async {
    guard error.code != .store else { return storeFailed(waiting, error) }
    do throws(EngineError) {
      let record = try await record(of: waiting.number)
      try await move(record, to: .failed, error.message)
      leave(waiting, RunEnd(try await self.record(of: waiting.number), wasStopped: false))
    } catch let other {
      storeFailed(waiting, other)
    }
  }

  private func storeFailed(_ waiting: WaitingRun, _ error: EngineError) {
    if let cause = error.cause as? StoreError, cause.code == .full || cause.code == .io {
      return putBack(waiting, until: time.now() + Self.storeRetry)
    }
    // The store is closed, damaged, or does not have the run: nobody can go on with it here.
    leave(
      waiting,
      RunEnd(
        number: waiting.number, id: waiting.id, job: waiting.job, state: .queued, wasStopped: true, error: error.message))
  }

  /// Ends a run that waits.
  func end(_ waiting: WaitingRun, as state: RunState, _ reason: String) async throws(EngineError) {
    try await move(try await record(of: waiting.number), to: state, reason)
    leave(waiting, RunEnd(try await record(of: waiting.number), wasStopped: false))
  }

  func record(of number: RunNumber) async throws(EngineError) -> RunRecord {
    do throws(StoreError) {
      guard let record = try await engine.store.run(number) else {
        throw StoreError(.notFound, "there is no run \(number.raw)")
      }
      return record
    } catch {
      throw EngineError(error)
    }
  }

  /// A final move of a run that nobody drives; from `failed` and the like by way of `queued`.
  private func move(_ record: RunRecord, to state: RunState, _ reason: String) async throws(EngineError) {
    let now = time.now()
    do throws(StoreError) {
      var from = record.state
      if from == state { return }
      if from.isFinal {
        guard try await engine.store.moveRun(record.number, RunMove(from: from, to: .queued, at: now)) else { return }
        from = .queued
      }
      guard try await engine.store.moveRun(record.number, RunMove(from: from, to: state, at: now, error: reason)) else {
        throw StoreError(.conflict, "run \(record.id) is no longer \(from.name): something else has moved it")
      }
      if state == .cancelled { _ = try await engine.store.cancelItems(run: record.number, at: now) }
    } catch {
      throw EngineError(error)
    }
  }
}

extension RunEnd {
  init(_ record: RunRecord, wasStopped: Bool) {
    self.init(
      number: record.number, id: record.id, job: record.job.name, state: record.state, wasStopped: wasStopped,
      error: record.error)
  }
}
