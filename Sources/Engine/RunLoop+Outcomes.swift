import JobModel
import Store
import WorkerPool

/// What workers say of items: judged, gathered, recorded in one transaction at a time.
extension RunLoop {
  func received(_ outcomes: Outcomes, from id: SlotID) {
    guard slots[id] != nil else { return countStale(outcomes.entries.count) }
    let now = context.time.now()
    let uptime = uptime
    // Small batches are copied behind what waits already; a large one is taken over whole.
    let base = pendingRecord.bytes.count
    if base == 0 { pendingRecord.bytes = outcomes.bytes } else { pendingRecord.bytes.append(contentsOf: outcomes.bytes) }
    let entriesBefore = pendingRecord.entries.count
    var progressed = false
    var unknown = 0
    for outcome in outcomes.entries {
      guard let item = slots[id]!.inFlight.removeValue(forKey: outcome.item) else {
        unknown += 1
        continue
      }
      if isolated(outcome.item, in: id) { slots[id]!.isIsolating = false }
      progressed = true
      guard let verdict = judge(outcome, item, outcomes, id, now, uptime) else { continue }
      var entry = RecordedOutcomes.Entry(
        item: outcome.item, expectedAttempts: item.entry.attempts, state: verdict.state,
        attempts: Int32(verdict.attempts), deaths: Int32(verdict.deaths), dueAt: verdict.dueAt, cause: verdict.cause,
        startedAt: Timestamp(microseconds: now.microseconds - outcome.durationMicroseconds),
        durationMicroseconds: outcome.durationMicroseconds, workerPID: slots[id]!.worker?.pid ?? 0,
        reason: outcome.reason.shifted(by: base), output: outcome.output.shifted(by: base),
        effect: outcome.effect.shifted(by: base))
      if item.cancelledAt != nil && verdict.cause == .timeout {
        entry.reason = pendingRecord.add(
          "took longer than its timeout of \(seconds(context.itemTimeout)); it said: ", entry.reason)
      }
      record(entry, item)
    }
    countStale(unknown)
    // Of what nothing is recorded nothing is kept: a worker could fill the memory with it.
    if pendingRecord.entries.count == entriesBefore { pendingRecord.bytes.removeSubrange(base...) }
    if progressed { slots[id]!.lastSignAt = uptime }
    checkBudget()
    settle(id)
  }

  /// What the outcome means; nil when the item is only given back, as the run is being left.
  private func judge(
    _ outcome: Outcomes.Entry, _ item: InFlight, _ outcomes: Outcomes, _ id: SlotID, _ now: Timestamp, _ uptime: Duration
  ) -> Verdict? {
    let entry = item.entry
    let attempts = Int(entry.attempts)
    let deaths = Int(entry.deaths)
    pluginWorks()
    switch outcome.kind {
    case .succeeded, .skipped, .failed:
      if outcome.kind != .failed { suspects.remove(outcome.item) }
      if let name = waitingFor.removeValue(forKey: outcome.item) { dependencyBreakers[name]?.succeeded() }
    case .unavailable:
      return unavailable(outcome, attempts: attempts, deaths: deaths, outcomes, now, uptime)
    case .retry, .rateLimited:
      // It stopped because we said so, not because it failed.
      if slots[id]!.cancelledAllAt != nil {
        guard isWorking else { return nil }
        suspects.insert(outcome.item)
        return .infrastructure(attempts: attempts, deaths: deaths, at: now)
      }
    }
    return .of(
      outcome.kind, attempts: attempts, deaths: deaths, wish: outcome.wish, policy: context.job.retry, at: now,
      timedOut: item.cancelledAt != nil, using: &random)
  }

  /// A dependency is down: its breaker counts, and while it is open, its items wait for it.
  private func unavailable(
    _ outcome: Outcomes.Entry, attempts: Int, deaths: Int, _ outcomes: Outcomes, _ now: Timestamp, _ uptime: Duration
  ) -> Verdict {
    var verdict = Verdict.of(
      .unavailable, attempts: attempts, deaths: deaths, wish: outcome.wish, policy: context.job.retry, at: now, using: &random)
    let name = String(decoding: outcomes.bytes[outcome.dependency.range], as: UTF8.self)
    // A plugin that invents names without end must not fill the memory: later ones share one breaker.
    let key = dependencyBreakers[name] != nil || dependencyBreakers.count < 1_000 ? name : ""
    var breaker = dependencyBreakers[key] ?? Breaker(context.job.breaker)
    let wasTripped = breaker.isTripped
    if let until = breaker.opensAgainAt, until <= uptime { _ = breaker.admits(at: uptime) }  // this item was the trial
    breaker.failed(at: uptime)
    dependencyBreakers[key] = breaker
    if waitingFor.count < 10_000 { waitingFor[outcome.item] = key }
    if let until = breaker.opensAgainAt, until > uptime {
      let wait = max(until - uptime, verdict.dueAt.map { $0 - now } ?? .zero)
      // All but the first wait a little longer: one trial finds out for all.
      let slack = wasTripped ? wait / 4 : .zero
      verdict.dueAt = now + wait + slack
      if !wasTripped { note(.warning, "\(name) is unavailable; its items wait \(seconds(wait))") }
    }
    return verdict
  }

  /// Gathers an entry for the store, with the item's events when it ended well.
  func record(_ entry: RecordedOutcomes.Entry, _ item: InFlight) {
    countUnrecorded(entry, 1)
    let keepsEvents = entry.state == .succeeded || entry.state == .skipped
    if item.lastInsert > storedInserts {
      var outcomes = pendingRecord
      outcomes.clear()
      var entry = entry
      entry.reason = outcomes.add(Array(pendingRecord.bytes[entry.reason.range]))
      entry.output = outcomes.add(Array(pendingRecord.bytes[entry.output.range]))
      entry.effect = outcomes.add(Array(pendingRecord.bytes[entry.effect.range]))
      outcomes.entries.append(entry)
      if keepsEvents { outcomes.add(item.events, of: entry.item) }
      deferred.append((item.lastInsert, outcomes))
    } else {
      pendingRecord.entries.append(entry)
      if keepsEvents && !item.events.isEmpty { pendingRecord.add(item.events, of: entry.item) }
    }
  }

  /// The further items that outcomes waited for are stored: they may be recorded.
  func releaseDeferred() {
    guard !deferred.isEmpty else { return }
    for waiting in deferred where waiting.insert <= storedInserts { pendingRecord.append(waiting.outcomes) }
    deferred.removeAll { $0.insert <= storedInserts }
  }

  /// Records what has gathered, one call at a time: while it runs, more gathers.
  func pumpRecords() {
    guard !isRecording, !pendingRecord.entries.isEmpty else { return }
    isRecording = true
    var outcomes = pendingRecord
    outcomes.at = context.time.now()
    pendingRecord.clear()
    spawn { [context, mailbox, outcomes] in
      do throws(StoreError) {
        mailbox.post(.recorded(.success(try await context.store.record(outcomes)), outcomes))
      } catch {
        mailbox.post(.recorded(.failure(error), outcomes))
      }
    }
  }

  func recorded(_ result: Result<RecordReceipt, StoreError>, _ outcomes: RecordedOutcomes) {
    isRecording = false
    for entry in outcomes.entries { countUnrecorded(entry, -1) }
    switch result {
    case .failure(let error): breakDown(EngineError(error))
    case .success(let receipt):
      let stale = Set(receipt.stale)
      counts.staleOutcomes += stale.count
      context.meters.count(outcomes.entries, except: stale, of: context.job.name)
      for entry in outcomes.entries where stale.isEmpty || !stale.contains(entry.item) {
        counts.available -= 1
        counts[entry.state] += 1
        if entry.state == .retrying {
          if let due = entry.dueAt { retriesDueAt = min(retriesDueAt ?? due, due) }
          retriesChanged = true
        } else {
          endedHere += 1
          suspects.remove(entry.item)
        }
      }
      letGo(outcomes.entries)
    }
  }

  /// Gives the run up when too much of it has failed. Judged, recorded or not: the store may be far behind a fast plugin.
  func checkBudget() {
    let failed = counts.failed + unrecorded.failed
    let ended = counts.ended + unrecorded.ended
    guard isWorking,
      context.job.failureBudget.isSpent(failed: failed - forgiven.failed, ended: ended - forgiven.ended)
    else { return }
    leave(.fail("\(failed) of \(ended) items failed: the failure budget is spent"), grace: context.job.timeouts.cancelGrace)
  }

  private func countUnrecorded(_ entry: RecordedOutcomes.Entry, _ number: Int) {
    if entry.state.isFinal { unrecorded.ended += number }
    if entry.state.isFailure { unrecorded.failed += number }
  }

  func countStale(_ count: Int) {
    guard count > 0 else { return }
    counts.staleOutcomes += count
    note(.warning, "\(count) outcomes came for items that their worker does not have; dropped")
  }

  private func isolated(_ item: ItemID, in id: SlotID) -> Bool { slots[id]!.isIsolating && slots[id]!.inFlight.isEmpty }

  func seconds(_ duration: Duration?) -> String {
    guard let duration else { return "no time" }
    let value = duration.inSeconds
    return value == value.rounded() ? "\(Int(value)) s" : "\(value) s"
  }
}

extension Outcomes.Entry {
  /// The delay that the plugin asked for.
  var wish: Duration? { afterMicroseconds > 0 ? .microseconds(afterMicroseconds) : nil }
}

extension ByteRange {
  func shifted(by base: Int) -> ByteRange {
    isEmpty ? self : ByteRange(offset: Int(offset) + base, count: Int(count))
  }
}

extension RecordedOutcomes {
  mutating func clear() {
    bytes = []
    entries = []
    events = []
  }

  /// Adds bytes of its own.
  mutating func add(_ text: [UInt8]) -> ByteRange {
    guard !text.isEmpty else { return .empty }
    defer { bytes.append(contentsOf: text) }
    return ByteRange(offset: bytes.count, count: text.count)
  }

  /// Adds a text followed by one that is there already.
  mutating func add(_ text: String, _ rest: ByteRange = .empty) -> ByteRange {
    add(Array(text.utf8) + bytes[rest.range])
  }

  mutating func add(_ emitted: [(type: String, json: String)], of item: ItemID) {
    for event in emitted {
      events.append(Event(item: item, type: add(event.type), json: add(event.json)))
    }
  }

  mutating func append(_ other: RecordedOutcomes) {
    let base = bytes.count
    bytes.append(contentsOf: other.bytes)
    for var entry in other.entries {
      entry.reason = entry.reason.shifted(by: base)
      entry.output = entry.output.shifted(by: base)
      entry.effect = entry.effect.shifted(by: base)
      entries.append(entry)
    }
    for event in other.events {
      events.append(Event(item: event.item, type: event.type.shifted(by: base), json: event.json.shifted(by: base)))
    }
  }
}
