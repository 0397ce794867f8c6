internal import ControlAPI
internal import Engine
internal import JobModel
internal import Logging
internal import Server
internal import ServiceLifecycle
internal import Store

/// What a daemon does beside its work: after the start it checks the store and what plugins think of the job files; once a day it
/// removes what is old.
struct UpkeepService: Service {
  let engine: Engine
  let control: DaemonControl
  let source: JobSource
  let life: Life
  let ages: DaemonConfiguration.Ages?
  /// Stops all work for good.
  let halt: @Sendable () -> Void
  let logger: Logger

  private static let pruneInterval = Duration.seconds(24 * 3_600)
  /// A start is busy enough.
  private static let firstPrune = Duration.seconds(60)

  func run() async throws {
    do {
      try await cancelWhenGracefulShutdown {
        await checkStore()
        await checkJobs()
        try await prune()
      }
    } catch is CancellationError {}
  }

  private func checkStore() async {
    do throws(StoreError) {
      if try await engine.store.integrityCheck() { logger.debug("the store is whole") }
    } catch {
      logger.critical("no more work is done: \(error.message)")
      life.phase.noteDamage(error.message)
      life.notifier.status("No more work is done: \(error.message)")
      halt()
    }
  }

  /// The start did not wait for plugins; what they find is told now.
  private func checkJobs() async {
    do throws(ControlError) {
      logger.tell(try await source.examine(), .warning)
    } catch {
      if Task.isCancelled { return }
      life.phase.note(error.message, of: "jobs")
      logger.error("\(error.message)")
      logger.tell(error.findings, .error)
    }
    await giveMemoryBack()
  }

  /// What reading the job files and judging what had gone by took.
  private func giveMemoryBack() async {
    do throws(StoreError) { try await engine.store.releaseMemory() } catch {
      logger.warning("\(error.message)")
    }
    FreedMemory.giveBack()
  }

  private func prune() async throws {
    guard let ages else { return try await gracefulShutdown() }
    var request = PruneRequest()
    request.succeededItemsAfter = ages.succeededItems
    request.runsAfter = ages.runs
    request.failedRunsAfter = ages.failedRuns
    request.instantsAfter = ages.instants
    try await Task.sleep(for: Self.firstPrune)
    while true {
      do throws(ControlError) {
        let removed = try await control.prune(request)
        if !removed.runs.isEmpty || removed.items + removed.instants > 0 {
          logger.info(
            "pruned \(removed.runs.count) runs, \(removed.items) items of other runs, \(removed.instants) rows of the ledger")
        }
        life.phase.note(nil, of: "pruning")
      } catch {
        if Task.isCancelled { throw CancellationError() }
        logger.error("nothing was pruned: \(error.message)")
        life.phase.note("pruning failed: \(error.message)", of: "pruning")
      }
      try await Task.sleep(for: Self.pruneInterval)
    }
  }
}
