import JobModel
import Store
import WorkerPool

/// Starting workers, hearing them, losing and replacing them.
extension RunLoop {
  /// How long a discovery goes on alone before a further worker is started beside it.
  private static let discoveryHeadStart = Duration.milliseconds(50)
  private static let usageInterval = Duration.seconds(1)

  /// Starts workers while there is more to do than the present ones take.
  func pumpWorkers() {
    guard !ready.isEmpty || !isolation.isEmpty || normalMayHaveMore && counts.available > inFlightCount else { return }
    let working = slots.values.count { $0.phase == .starting || $0.phase == .ready }
    guard working < context.workerLimit else { return }
    if slots.values.contains(where: { $0.phase == .starting }) && ready.isEmpty { return }
    if !isDiscovered, let startedAt = discoveryStartedAt {
      let since = uptime - startedAt
      guard since >= Self.discoveryHeadStart else { return arm(startedAt + Self.discoveryHeadStart) }
    }
    let room = slots.values.reduce(0) { room, slot in
      switch slot.phase {
      case .starting: room + context.maxInFlight
      // One that is being replaced, or looks at a suspect, takes nothing; nor does one that is wanted for suspects.
      case .ready where slot.isUsable && !slot.isIsolating && isolation.isEmpty:
        room + max(0, context.maxInFlight - slot.inFlight.count)
      default: room
      }
    }
    guard working == 0 || ready.count + isolation.count > room else { return }
    startWorker()
  }

  func startWorker() {
    guard isWorking || isFinishing else { return }
    // A tripped breaker lets nothing be started beside what is there; the end of that comes as an event.
    if pluginBreaker.isTripped { guard slots.isEmpty, admitsTrial() else { return } }
    let id = SlotID(raw: nextSlot)
    nextSlot += 1
    slots[id] = Slot(id: id, at: uptime)
    spawn { [context, mailbox] in
      do throws(WorkerPoolError) {
        let worker = try await context.pool.obtain(context.spec, timeout: context.job.timeouts.load) { event in
          mailbox.deliver(.worker(id, event))
        }
        mailbox.post(.workerReady(id, .success(worker)))
      } catch {
        mailbox.post(.workerReady(id, .failure(error)))
      }
    }
  }

  func workerReady(_ id: SlotID, _ result: Result<Worker, WorkerPoolError>) {
    switch result {
    case .success(let worker) where worker.hasEnded:
      workerReady(id, .failure(WorkerPoolError(.died, "a worker ended as soon as it was ready")))
    case .success(let worker):
      slots[id]?.worker = worker
      slots[id]?.phase = .ready
      slots[id]?.lastSignAt = uptime
      slots[id]?.violation = nil
      // A warm one from the pool was ready before it was asked for.
      if let slot = slots[id], worker.readyAt >= slot.usageCheckedAt { context.meters.countWorkerStart(context.manifest.id) }
      if case .leaving = mode { return }
      worker.send { [run = workerRun] in $0.run(run) }
    case .failure(let error):
      slots[id] = nil
      guard isWorking || isFinishing else { return }
      // All items have ended: what the plugin cannot do any more is to look back on them.
      if isFinishing { return finishFailed(error.message) }
      note(.error, error.message)
      switch error.code {
      case .refused, .manifest, .create, .notFound: leave(.fail(error.message), grace: .zero)
      case .spawn, .died, .timeout:
        pluginFailed()
        if pluginBreaker.trips >= 3 {
          leave(.fail("the plugin could not be started again and again, last: \(error.message)"), grace: .zero)
        } else {
          arm(pluginBreaker.opensAgainAt ?? uptime + .milliseconds(100))
        }
      }
    }
  }

  private var workerRun: WorkerRun {
    let record = context.record
    return WorkerRun(
      id: record.id, job: context.job.name, event: record.event, isPlan: record.isPlan, startedAt: startedAt,
      deadlineAt: context.job.timeouts.run.map { startedAt + $0 }, dueAt: record.dueAt,
      artifactFolder: context.paths.artifacts(of: record.id))
  }

  func handle(_ event: WorkerEvent, from id: SlotID) {
    guard slots[id] != nil else { return }
    switch event {
    case .outcomes(let outcomes): received(outcomes, from: id)
    case .items(let items, let parent): received(items, parent: parent, from: id)
    case .checkpoint(let value): received(checkpoint: value, from: id)
    case .discovered(let result): discovered(result, by: id)
    case .finished(let result): finished(result, by: id)
    case .started(let items): started(items, in: id)
    case .event(let item, let type, let json): emitted(item, type, json, by: id)
    case .artifact(let name, let mediaType, let bytes): left(name, mediaType, bytes)
    case .request(let request, let what): asked(request, what, by: id)
    case .report(let json): if slots[id]?.phase == .finishing { report = json }
    case .violation(let what): slots[id]?.violation = what
    case .ended(let end): ended(end, id)
    case .log(let item, let level, let message): said(message, level, item, "log", id)
    case .output(let isError, let line):
      slots[id]?.remember(output: line)
      said(line, isError ? .warning : .info, nil, isError ? "stderr" : "stdout", id)
    case .progress, .pong: break
    case .hello, .loaded, .refused, .diagnostic, .checked, .created, .bye: break
    }
    if case .pong = event { return }
    if slots[id]?.phase == .discovering || slots[id]?.phase == .finishing { slots[id]?.lastSignAt = uptime }
  }

  private func said(_ message: String, _ level: LogLevel, _ item: ItemID?, _ source: String, _ id: SlotID) {
    let key = item.flatMap { slots[id]?.inFlight[$0]?.key }
    write(
      LogLine(
        at: context.time.now(), level: level.name, item: key, pid: Int(slots[id]?.worker?.pid ?? 0), source: source,
        message: message))
  }

  private func started(_ items: [(item: ItemID, microseconds: Int64)], in id: SlotID) {
    let now = uptime
    for (item, microseconds) in items {
      slots[id]?.inFlight[item]?.startedAt = now - .microseconds(max(0, microseconds))
    }
  }

  // MARK: The end of a worker

  /// After outcomes: a worker that is to be replaced leaves once it is empty.
  func settle(_ id: SlotID) {
    guard var slot = slots[id], slot.phase == .ready, let worker = slot.worker else { return }
    let now = uptime
    let limits = context.job.limits
    if now - slot.usageCheckedAt >= Self.usageInterval || limits.recycleItems > 0 {
      slot.usageCheckedAt = now
      if let reason = wornOut(slot, worker, limits, now) {
        slot.retires = true
        note(.info, "worker \(worker.pid) is replaced: \(reason)")
      }
      slots[id] = slot
    }
    if slot.inFlight.isEmpty && (slot.retires || slot.cancelledAllAt != nil) {
      slots[id]?.phase = .leaving
      slots[id]?.leavingSince = now
      worker.shutDown()
    }
  }

  /// Every worker leaves once it is empty; a new one, perhaps of a new library, takes its place.
  func renewWorkers() {
    guard isWorking else { return }
    for (id, slot) in slots where slot.phase == .ready {
      slots[id]?.retires = true
      settle(id)
    }
  }

  private func wornOut(_ slot: Slot, _ worker: Worker, _ limits: WorkerLimits, _ now: Duration) -> String? {
    if limits.recycleItems > 0, slot.itemsGiven >= limits.recycleItems { return "it has had \(slot.itemsGiven) items" }
    if let after = limits.recycleAfter, now - worker.readyAt >= after { return "it has worked for \(seconds(after))" }
    guard let usage = worker.usage() else { return nil }
    if limits.recycleMiB > 0, usage.residentBytes >> 20 >= limits.recycleMiB {
      return "it uses \(usage.residentBytes >> 20) MiB of memory"
    }
    if limits.descriptors > 0, usage.descriptors * 4 >= limits.descriptors * 3 {
      return "it holds \(usage.descriptors) descriptors open"
    }
    return nil
  }

  private func ended(_ end: WorkerEnd, _ id: SlotID) {
    // One that ended before it was reported ready is judged by that report.
    guard let slot = slots[id], slot.worker != nil else { return }
    slots[id] = nil
    let words = slot.violation ?? "its worker \(end.description)"
    let wasExpected = slot.phase == .leaving && slot.inFlight.isEmpty
    if !wasExpected {
      note(.warning, "worker \(slot.worker?.pid ?? 0): \(words)")
      if slot.kill == nil { context.meters.countWorkerDeath(context.manifest.id) }
    }
    if case .leaving = mode { return }
    switch slot.phase {
    case .discovering:
      discoveryFailed(slot.kill == nil ? words : "the plugin said nothing for \(seconds(context.itemTimeout))")
      pluginFailed()
    case .finishing: finishFailed(words)
    default: bury(slot, words)
    }
  }

  /// Judges the items that a worker died with.
  private func bury(_ slot: Slot, _ words: String) {
    let now = context.time.now()
    let uptime = uptime
    let isAlone = slot.inFlight.count == 1
    // One item alone is to blame itself, unless it was the trial; an idle worker has nobody else to blame.
    if slot.phase != .leaving, pluginBreaker.isTripped || !isAlone && slot.kill == nil { pluginFailed() }
    let printed = slot.lastOutput.isEmpty ? "" : "; it printed: \(slot.lastOutput.joined(separator: " | "))"
    for (id, item) in slot.inFlight {
      let attempts = Int(item.entry.attempts)
      let deaths = Int(item.entry.deaths)
      let verdict: Verdict
      let reason: String
      switch slot.kill {
      case .timeout(let guilty) where guilty.contains(id) || isAlone:
        verdict = .timeout(attempts: attempts, deaths: deaths, policy: context.job.retry, at: now, using: &random)
        reason =
          "took longer than its timeout of \(seconds(context.itemTimeout)) and did not stop when told; its worker was killed"
      case .timeout(let guilty):
        verdict = .infrastructure(attempts: attempts, deaths: deaths, at: now)
        if guilty.isEmpty { suspects.insert(id) }
        reason = "its worker was killed because another item took too long"
      case .silence, .stop:
        verdict = .infrastructure(attempts: attempts, deaths: deaths, at: now)
        reason = "its worker was stopped"
      case nil where isAlone:
        verdict = .death(attempts: attempts, deaths: deaths, policy: context.job.retry, at: now, using: &random)
        suspects.insert(id)
        reason = "\(words)\(printed)"
      case nil:
        verdict = .infrastructure(attempts: attempts, deaths: deaths, at: now)
        suspects.insert(id)
        reason = "\(words) while it had \(slot.inFlight.count) items; each is tried alone"
      }
      let since = item.startedAt ?? max(item.handedAt, isAlone ? item.handedAt : slot.lastSignAt)
      let duration = max(0, (uptime - since).wholeMicroseconds)
      record(
        RecordedOutcomes.Entry(
          item: id, expectedAttempts: item.entry.attempts, state: verdict.state, attempts: Int32(verdict.attempts),
          deaths: Int32(verdict.deaths), dueAt: verdict.dueAt, cause: verdict.cause,
          startedAt: Timestamp(microseconds: now.microseconds - duration), durationMicroseconds: duration,
          workerPID: slot.worker?.pid ?? 0, reason: pendingRecord.add(reason), output: .empty, effect: .empty),
        item)
    }
    checkBudget()
  }
}
