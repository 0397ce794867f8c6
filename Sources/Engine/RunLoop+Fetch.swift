import JobModel
import Store

/// From the store into `ready`: a few thousand items at a time, however many there are.
extension RunLoop {
  private static let fetchLimit = 4_096
  private static let fetchBytes = 4 * 1024 * 1024
  private static let lowWater = 2_048

  /// Fetches or promotes, in turns.
  func pumpSupply() {
    if retriesAreNext { pumpRetries() }
    pumpFetch()
    if !retriesAreNext { pumpRetries() }
  }

  private var wantsItems: Bool { ready.count < Self.lowWater && ready.bytes < 2 * Self.fetchBytes }

  private func pumpFetch() {
    // Not beside a promotion: whether the normal lane will come to a promoted item depends on the cursor standing still.
    guard !isFetching, !isPromoting, wantsItems else { return }
    let lane: ReadyQuery.Lane
    if usesPriorities && urgentMayHaveMore {
      lane = .urgent
    } else if normalMayHaveMore {
      lane = .normal
    } else if usesPriorities && lowMayHaveMore && ready.isEmpty {
      lane = .low
    } else {
      return
    }
    isFetching = true
    // The other two lanes are read from the top: what is held of them comes again and is left out in `fetched`.
    let limit = lane == .normal ? Self.fetchLimit : Self.fetchLimit + held.count
    if lane == .normal { normalMayHaveMore = false }
    if lane == .urgent { urgentMayHaveMore = false }
    if lane == .low { lowMayHaveMore = false }
    let query = ReadyQuery(
      run: context.record.number, lane: lane, after: cursor, limit: limit, maxBytes: Self.fetchBytes)
    spawn { [context, mailbox] in
      do throws(StoreError) {
        mailbox.post(.fetched(lane, .success(try await context.store.ready(query))))
      } catch {
        mailbox.post(.fetched(lane, .failure(error)))
      }
    }
  }

  func fetched(_ lane: ReadyQuery.Lane, _ result: Result<ReadyItems, StoreError>) {
    isFetching = false
    retriesAreNext = true
    let recordedMeanwhile = recordedMeanwhile
    self.recordedMeanwhile.removeAll()
    switch result {
    case .failure(let error): breakDown(EngineError(error))
    case .success(var items):
      switch lane {
      case .normal:
        if let last = items.entries.last {
          cursor = last.id
          normalMayHaveMore = true
        }
      case .urgent, .low:
        let isCut = items.bytes.count >= Self.fetchBytes || items.entries.count >= Self.fetchLimit
        let isOld = items.entries.contains { recordedMeanwhile.contains($0.id) }
        items.entries.removeAll { held.contains($0.id) || recordedMeanwhile.contains($0.id) }
        held.formUnion(items.entries.map(\.id))
        if !items.entries.isEmpty || isCut && isOld {
          mayHaveMore(lane)
        } else if isCut {
          lanesBehindHeld.insert(lane)
        }
      }
      enqueue(items, inFront: lane == .urgent)
    }
  }

  private func mayHaveMore(_ lane: ReadyQuery.Lane) {
    switch lane {
    case .normal: normalMayHaveMore = true
    case .urgent: urgentMayHaveMore = true
    case .low: lowMayHaveMore = true
    }
  }

  /// Items of the lanes read from the top have been recorded: they stand in nobody's way any more.
  func letGo(_ entries: [RecordedOutcomes.Entry]) {
    guard usesPriorities else { return }
    for entry in entries {
      held.remove(entry.item)
      if isFetching { recordedMeanwhile.insert(entry.item) }
    }
    for lane in lanesBehindHeld { mayHaveMore(lane) }
    lanesBehindHeld.removeAll()
  }

  /// Puts items into the queue they belong to: suspects are tried alone.
  func enqueue(_ items: ReadyItems, inFront: Bool) {
    let alone = items.entries.filter { $0.deaths > 0 || suspects.contains($0.id) }
    guard !alone.isEmpty else { return inFront ? ready.prepend(items) : ready.append(items) }
    suspects.formUnion(alone.map(\.id))
    var rest = items
    rest.entries.removeAll { $0.deaths > 0 || suspects.contains($0.id) }
    isolation.append(ReadyItems(bytes: items.bytes, entries: alone))
    if inFront { ready.prepend(rest) } else { ready.append(rest) }
  }

  // MARK: Retries

  /// Makes due retries available, and knows when the next is due.
  private func pumpRetries() {
    guard counts.retrying > 0, !isPromoting, !isFetching else { return }
    guard knowsRetries else {
      isPromoting = true
      retriesChanged = false
      spawn { [context, mailbox] in
        do throws(StoreError) {
          mailbox.post(.nextDue(.success(try await context.store.nextDue(run: context.record.number))))
        } catch {
          mailbox.post(.nextDue(.failure(error)))
        }
      }
      return
    }
    guard let due = retriesDueAt, wantsItems else { return }
    let now = context.time.now()
    guard due <= now else { return arm(uptime + (due - now)) }
    isPromoting = true
    spawn { [context, mailbox] in
      do throws(StoreError) {
        let items = try await context.store.promoteDue(run: context.record.number, at: now, limit: Self.lowWater)
        mailbox.post(.promoted(.success(items)))
      } catch {
        mailbox.post(.promoted(.failure(error)))
      }
    }
  }

  func learnedNextDue(_ result: Result<Timestamp?, StoreError>) {
    isPromoting = false
    switch result {
    case .failure(let error): breakDown(EngineError(error))
    case .success(let due):
      knowsRetries = !retriesChanged
      retriesDueAt = due
    }
  }

  func promoted(_ result: Result<ReadyItems, StoreError>) {
    isPromoting = false
    retriesAreNext = false
    knowsRetries = false
    switch result {
    case .failure(let error): breakDown(EngineError(error))
    case .success(let items):
      counts.retrying -= items.entries.count
      counts.available += items.entries.count
      // Items of an earlier engine, which this one's cursor has not reached: the normal lane brings them in their turn.
      var passed = items
      passed.entries.removeAll { $0.priority == 0 && $0.id > cursor }
      if passed.entries.count < items.entries.count { normalMayHaveMore = true }
      held.formUnion(passed.entries.filter { $0.priority != 0 }.map(\.id))
      enqueue(passed, inFront: true)
    }
  }
}
