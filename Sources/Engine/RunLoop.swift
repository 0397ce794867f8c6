import JobModel
import Store
import WorkerPool

/// The life of one run: a loop that takes events, changes its own state, and starts what is next. Everything here happens in
/// one task; what takes time (store, worker start) runs in child tasks that answer through the mailbox. The order of the parts:
///
///     RunLoop+Discovery   items from the plugin into the store
///     RunLoop+Fetch       items from the store into `ready`
///     RunLoop+Dispatch    items from `ready` to workers
///     RunLoop+Outcomes    what workers say of items, judged and recorded
///     RunLoop+Workers     starting, losing, replacing workers
///     RunLoop+Timeouts    what takes too long
///     RunLoop+Ending      finish, stop, cancel, failure
final class RunLoop {
  /// What the run is about.
  enum Mode {
    case working
    /// Being left before its end. Nothing new begins.
    case leaving(Leaving)
    /// All items have ended; `finish` is under way or due.
    case finishing
  }

  struct Leaving {
    enum Reason {
      /// To be resumed.
      case stop
      case cancel(String)
      /// The run is given up.
      case fail(String)
      /// The store or the engine itself broke.
      case broken(EngineError)
    }
    var reason: Reason
    /// When what is still under way is killed; monotonic.
    var killsAt: Duration
  }

  let context: RunContext
  let mailbox: Mailbox
  let board: ProgressBoard
  var log: RunLog
  /// The secrets that the workers know.
  var redaction: Redaction
  var random = SystemRandomNumberGenerator()

  var mode = Mode.working
  /// The run's state in the store.
  var state: RunState
  var counts: ItemCounts
  let begunAt: Duration
  /// When the run first began, perhaps in an earlier engine.
  let startedAt: Timestamp
  var endedHere = 0

  var slots: [SlotID: Slot] = [:]
  var nextSlot = 1
  var pluginBreaker: Breaker
  /// The plugin's breaker has let one start or item through, and it has not been handed out yet.
  var trialIsOpen = false
  var dependencyBreakers: [String: Breaker] = [:]
  /// What items that wait for a dependency wait for. Bounded: what does not fit closes no breaker.
  var waitingFor: [ItemID: String] = [:]
  var bucket: TokenBucket?

  // Discovery.
  var isDiscovered: Bool
  var discoveryCheckpoint: [UInt8]
  var discoveryStartedAt: Duration?
  var discoveryFailures = 0
  /// What the last try said, until the next one begins.
  var discoveryFault: String?
  var discoveryRetryAt: Duration?
  var pendingInserts: [PendingInsert] = []
  var pendingInsertBytes = 0
  var isInserting = false
  var insertingBytes = 0
  /// Numbers of the last insert that was gathered, and of the last that was stored.
  var gatheredInserts = 0
  var storedInserts = 0

  // Items on their way to workers.
  var ready = ReadyQueue()
  /// Priority items that are in `ready`, with a worker, or not recorded yet: the lanes read from the top would give them again.
  var held: Set<ItemID> = []
  /// Items recorded while the store was being read: the answer may be too old to know.
  var recordedMeanwhile: Set<ItemID> = []
  /// Lanes of which all that fits one answer is held: there may be more once something of it has been recorded.
  var lanesBehindHeld: Set<ReadyQuery.Lane> = []
  var usesPriorities: Bool
  var urgentMayHaveMore: Bool
  var normalMayHaveMore = true
  var lowMayHaveMore: Bool
  var isFetching = false
  var cursor: ItemID
  var retriesDueAt: Timestamp?
  var knowsRetries = false
  /// A retry was recorded while the store was asked for the next due one: the answer may be too old.
  var retriesChanged = false
  var isPromoting = false
  /// Fetching and promoting exclude each other; they take turns, so that neither keeps the other waiting.
  var retriesAreNext = true
  /// Items that were with a worker when it died: each is tried alone.
  var suspects: Set<ItemID> = []
  var isolation = ReadyQueue()

  // Outcomes on their way to the store.
  var pendingRecord: RecordedOutcomes
  /// Outcomes whose items added further items that are not stored yet, by the insert that they wait for.
  var deferred: [(insert: Int, outcomes: RecordedOutcomes)] = []
  var isRecording = false

  // The end.
  var report: String?
  var finishFailures = 0
  var isFinished = false
  var openNotes = 0
  /// The run's state is being changed in the store.
  var isMoving = false
  /// Judged, and on the way to the store.
  var unrecorded: (failed: Int, ended: Int) = (0, 0)
  /// What had failed, and ended, when a person took up a run whose budget was spent: it gets the budget anew.
  var forgiven: (failed: Int, ended: Int) = (0, 0)
  /// Wake-ups that are under way; monotonic. One is added only when it comes before all others: they are few.
  var alarms: [Duration] = []
  var children: [@concurrent @Sendable () async -> Void] = []

  init(_ context: RunContext, mailbox: Mailbox, board: ProgressBoard) throws(EngineError) {
    let record = context.record
    self.context = context
    self.mailbox = mailbox
    self.board = board
    redaction = context.redaction
    log = try RunLog(path: context.paths.log(of: record.id))
    state = record.state
    counts = record.counts
    begunAt = context.time.uptime()
    startedAt = record.startedAt ?? context.time.now()
    pluginBreaker = Breaker(context.job.breaker)
    bucket = context.job.rateLimit.map { TokenBucket($0, at: context.time.uptime()) }
    isDiscovered = record.isDiscovered
    discoveryCheckpoint = record.discoveryCheckpoint
    // Whether an older part of the run named priorities is not known: the lanes are asked once.
    usesPriorities = record.counts.total > 0
    urgentMayHaveMore = record.counts.total > 0
    lowMayHaveMore = record.counts.total > 0
    cursor = ItemID(run: record.number, place: 0)
    pendingRecord = RecordedOutcomes(
      run: record.number, at: record.createdAt, uniqueJob: record.job.unique.map { _ in record.job.name })
  }

  func drive() async throws(EngineError) -> RunResult {
    try await begin()
    note(.info, "run \(context.record.id) of \(context.job.name) \(counts.total == 0 ? "begins" : "goes on")")
    await withDiscardingTaskGroup { group in
      group.addTask { [context, mailbox] in await Self.watchForCancelRequest(context, mailbox) }
      while true {
        pump()
        for child in children { group.addTask(operation: child) }
        children.removeAll(keepingCapacity: true)
        showProgress()
        if isOver { break }
        log.flush()
        mailbox.hold(unstoredBytes)
        for event in await mailbox.take() { handle(event) }
      }
      group.cancelAll()
    }
    // A worker's thread may be waiting to be read; it must be free to see its end.
    for case .workerReady(_, .success(let worker)) in mailbox.close() { await context.pool.giveBack(worker) }
    return try await end()
  }

  /// Starts what can be started, given what is known.
  private func pump() {
    switch mode {
    case .working:
      pumpDiscovery()
      pumpInserts()
      pumpSupply()
      pumpDispatch()
      pumpWorkers()
      pumpRecords()
      pumpDiscovered()
      beginFinishingIfDone()
    case .finishing:
      pumpFinish()
    case .leaving:
      pumpInserts()
      pumpRecords()
      pumpLeaving()
    }
    checkTimeouts()
  }

  private func handle(_ event: DriverEvent) {
    switch event {
    case .worker(let slot, let event): handle(redaction.isEmpty ? event : redaction.struck(event), from: slot)
    case .workerReady(let slot, let result): workerReady(slot, result.mapError(redaction.struck))
    case .learnedSecret(let value): redaction.hide(value)
    case .inserted(let result, let sequence, let frames, let discovery):
      inserted(result, sequence: sequence, frames: frames, discovery: discovery)
    case .fetched(let lane, let result): fetched(lane, result)
    case .promoted(let result): promoted(result)
    case .nextDue(let result): learnedNextDue(result)
    case .recorded(let result, let outcomes): recorded(result, outcomes)
    case .answered(let slot, let request, let reply): answered(slot, request, reply)
    case .moved(let to, let result): moved(to, result)
    case .noted(let error):
      openNotes -= 1
      if let error { breakDown(EngineError(error)) }
    case .tick(let deadline): if let index = alarms.firstIndex(of: deadline) { alarms.remove(at: index) }
    case .renewWorkers: renewWorkers()
    case .stop(let immediately): stop(immediately: immediately)
    case .cancel(let reason): leave(.cancel(reason), grace: context.job.timeouts.cancelGrace)
    }
  }

  // MARK: Small things that all parts use

  var uptime: Duration { context.time.uptime() }

  var inFlightCount: Int { slots.values.reduce(0) { $0 + $1.inFlight.count } }

  /// What waits for the store; a note counts as 8 KiB. The mailbox lets workers wait while this is much.
  private var unstoredBytes: Int {
    pendingInsertBytes + insertingBytes + pendingRecord.bytes.count + openNotes * 8_192
  }

  var isWorking: Bool {
    if case .working = mode { true } else { false }
  }

  /// Runs something that takes time; it answers through the mailbox.
  func spawn(_ child: @escaping @concurrent @Sendable () async -> Void) { children.append(child) }

  /// Asks for a wake-up no later than `deadline`.
  func arm(_ deadline: Duration) {
    guard !alarms.contains(where: { $0 <= deadline }) else { return }
    alarms.append(deadline)
    let wait = max(.zero, deadline - uptime)
    spawn { [context, mailbox] in
      do {
        try await context.time.sleep(for: wait)
        mailbox.post(.tick(deadline))
      } catch {}  // cancelled: the run is over
    }
  }

  /// A line of the engine's own in the run's log.
  func note(_ level: LogLevel, _ message: String, item: String? = nil) {
    write(
      LogLine(at: context.time.now(), level: level.name, item: item, pid: 0, source: "engine", message: message))
  }

  func write(_ line: LogLine) {
    log.append(line)
    board.hear(line)
  }

  private func showProgress() {
    var progress = RunProgress(state: state, counts: counts)
    progress.inFlight = inFlightCount
    progress.workers = slots.values.count { $0.worker != nil }
    progress.isDiscovered = isDiscovered
    progress.endedHere = endedHere
    progress.elapsed = uptime - begunAt
    progress.waitsFor = waitsFor
    board.show(progress)
  }

  private var waitsFor: String? {
    guard isWorking, inFlightCount == 0 else { return nil }
    let now = uptime
    if let until = pluginBreaker.opensAgainAt, until > now {
      return "the plugin failed repeatedly; next try in \(Int((until - now).inSeconds) + 1) s"
    }
    if let fault = discoveryFault, let retryAt = discoveryRetryAt {
      let wait = max(0, Int((retryAt - now).inSeconds)) + 1
      return "\(discoveryFailures) of \(context.job.retry.maxAttempts) tries failed: \(fault); next in \(wait) s"
    }
    if !ready.isEmpty, bucket != nil { return "the job's rate limit" }
    let down = Set(waitingFor.values).sorted().prefix(3).joined(separator: ", ")
    if counts.retrying > 0, ready.isEmpty, let due = retriesDueAt {
      let what = down.isEmpty ? "" : "\(down) is unavailable; "
      return "\(what)next retry in \(max(0, Int((due - context.time.now()).inSeconds)) + 1) s"
    }
    return nil
  }

  /// A person in another process can only leave a file: see `EnginePaths.cancelRequest`.
  private static func watchForCancelRequest(_ context: RunContext, _ mailbox: Mailbox) async {
    let path = context.paths.cancelRequest(of: context.record.id)
    while !Task.isCancelled {
      if let reason = RequestFile.take(path) {
        mailbox.post(.cancel(reason: reason))
        return
      }
      do { try await context.time.sleep(for: .milliseconds(300)) } catch { return }
    }
  }
}
