import JobModel
import Store
import WorkerPool

/// What a run is driven with; all of it may be used from anywhere.
struct RunContext: Sendable {
  let record: RunRecord
  let paths: EnginePaths
  let store: any Store
  let pool: WorkerPool
  let meters: Meters
  let time: any TimeSource
  let spec: WorkerSpec
  let manifest: PluginManifest
  /// The secrets in the configuration.
  let redaction: Redaction

  var job: JobDefinition { record.job }
  /// Processes that work on items at once.
  var workerLimit: Int { max(1, job.workers ?? (manifest.workers > 0 ? manifest.workers : SystemCores.count)) }
  /// Items that one process may have at once.
  var maxInFlight: Int { min(manifest.maxInFlight, job.concurrency ?? .max) }
  /// nil: none.
  var itemTimeout: Duration? {
    let timeout = job.timeouts.item ?? manifest.itemTimeout
    return timeout > .zero ? timeout : nil
  }
}

/// Takes one run to its end. The outside speaks to it through `mailbox` and sees it on `board`; the work is done in `drive`.
final class RunDriver: Sendable {
  let context: RunContext
  let mailbox = Mailbox()
  let board: ProgressBoard

  init(_ context: RunContext) {
    self.context = context
    board = ProgressBoard(RunProgress(state: context.record.state, counts: context.record.counts))
  }

  func drive() async throws(EngineError) -> RunResult {
    let loop = try RunLoop(context, mailbox: mailbox, board: board)
    return try await loop.drive()
  }
}
