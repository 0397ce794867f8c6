import JobModel
import Store
import WorkerPool

/// A chunk of items on its way into the store.
struct PendingInsert {
  var items: NewItems
  /// Discovery frames in it, which earn credit; 0 for a fan-out.
  var frames: Int
  /// The slot that discovers; nil for a fan-out.
  var discovery: SlotID?
  /// Counts inserts of the run upwards, so that an outcome can wait for one.
  var sequence: Int
  /// The checkpoint that stands for these items and all before them.
  var checkpoint: [UInt8]?
}

extension RunLoop {
  /// ITEMS frames that the host may have on the way. With frames of about 1,024 items this fills two transactions.
  static let discoveryWindow: UInt32 = 16
  /// Items inserted in one call at most; more wait for the next.
  private static let maxInsert = 8_192
  private static let maxInsertBytes = 8 * 1024 * 1024

  /// Has a worker name the items, unless that is done or under way.
  func pumpDiscovery() {
    guard !isDiscovered, !slots.values.contains(where: { $0.phase == .discovering }) else { return }
    if let retryAt = discoveryRetryAt {
      guard uptime >= retryAt else { return arm(retryAt) }
    }
    let free = slots.values.filter { $0.isUsable && $0.inFlight.isEmpty }
    guard let id = free.map(\.id).min(by: { $0.raw < $1.raw }) else {
      // One more than work on items: the discovery must not wait for them.
      if slots.count <= context.workerLimit, !slots.values.contains(where: { $0.phase == .starting }) { startWorker() }
      return
    }
    slots[id]?.phase = .discovering
    discoveryFault = nil
    slots[id]?.lastSignAt = uptime
    discoveryStartedAt = uptime
    slots[id]?.worker?.send { [discoveryCheckpoint] in
      $0.discover(window: Self.discoveryWindow, checkpoint: discoveryCheckpoint)
    }
  }

  /// Items came from the discovery or from an item.
  func received(_ items: NewItems, parent: ItemID?, from slot: SlotID) {
    if case .leaving(let leaving) = mode, case .broken = leaving.reason { return }
    let wanted = selected(items)
    if let parent {
      // Also while the run is being left: what ends well now is never tried again, nor would it add its items again.
      guard slots[slot]?.inFlight[parent] != nil else { return countStale(1) }
      slots[slot]?.inFlight[parent]?.lastInsert = gather(wanted, frames: 0, discovery: nil)
    } else {
      guard isWorking, slots[slot]?.phase == .discovering else { return }
      pluginWorks()
      _ = gather(wanted, frames: 1, discovery: slot)
    }
  }

  /// Queues items to be stored; returns the insert's number.
  private func gather(_ items: NewItems, frames: Int, discovery: SlotID?, checkpoint: [UInt8]? = nil) -> Int {
    gatheredInserts += 1
    pendingInsertBytes += items.bytes.count
    pendingInserts.append(
      PendingInsert(items: items, frames: frames, discovery: discovery, sequence: gatheredInserts, checkpoint: checkpoint))
    return gatheredInserts
  }

  /// The discovery set a mark: it stands for all its items so far.
  func received(checkpoint: [UInt8], from slot: SlotID) {
    guard case .working = mode, slots[slot]?.phase == .discovering else { return }
    // A discovery that breaks off from here on goes on from here: what it named before is ours, and stored in order.
    discoveryCheckpoint = checkpoint
    if let last = pendingInserts.lastIndex(where: { $0.discovery == slot }) {
      pendingInserts[last].checkpoint = checkpoint
    } else {
      _ = gather(NewItems(), frames: 0, discovery: slot, checkpoint: checkpoint)
    }
  }

  func discovered(_ result: CallResult, by slot: SlotID) {
    guard slots[slot]?.phase == .discovering else { return }
    slots[slot]?.phase = .ready
    guard case .working = mode else { return }
    pluginWorks()
    switch result {
    case .done: isDiscovered = true
    case .cancelled: discoveryFailed("it stopped as if it had been cancelled")
    case .failed(let message): discoveryFailed(message)
    }
    // While it discovered, others may have taken all places for work on items.
    if slots.values.count(where: { $0.isUsable }) > context.workerLimit { slots[slot]?.retires = true }
    settle(slot)
  }

  /// Once every named item is stored, the store knows that the discovery is complete: it is never run again.
  func pumpDiscovered() {
    guard isDiscovered, state == .discovering, !isMoving, pendingInserts.isEmpty, !isInserting else { return }
    move(to: .running, marksDiscovered: true)
  }

  /// Has the store move the run; `moved` follows.
  func move(to next: RunState, marksDiscovered: Bool = false) {
    isMoving = true
    let move = RunMove(from: state, to: next, at: context.time.now(), marksDiscovered: marksDiscovered)
    spawn { [context, mailbox] in
      do throws(StoreError) {
        mailbox.post(.moved(next, .success(try await context.store.moveRun(context.record.number, move))))
      } catch {
        mailbox.post(.moved(next, .failure(error)))
      }
    }
  }

  func moved(_ to: RunState, _ result: Result<Bool, StoreError>) {
    isMoving = false
    switch result {
    case .failure(let error): breakDown(EngineError(error))
    case .success(true): state = to
    case .success(false):
      breakDown(EngineError(.state, "run \(context.record.id) is no longer \(state.name): something else has moved it"))
    }
  }

  /// Tries the discovery again from its last stored checkpoint, or gives the run up.
  func discoveryFailed(_ message: String) {
    discoveryFailures += 1
    note(.error, "naming the items failed (\(discoveryFailures)): \(message)")
    guard discoveryFailures < context.job.retry.maxAttempts else {
      return leave(.fail("naming the items failed \(discoveryFailures) times, last: \(message)"), grace: .zero)
    }
    let delay = context.job.retry.delay(afterAttempts: discoveryFailures, requested: nil, using: &random)
    discoveryRetryAt = uptime + delay
    discoveryFault = message
  }

  /// Stores what has gathered, in one call at a time: while it runs, more gathers.
  func pumpInserts() {
    guard !isInserting, let first = pendingInserts.first else { return }
    var merged = first
    var taken = 1
    while taken < pendingInserts.count, merged.items.entries.count < Self.maxInsert,
      merged.items.bytes.count < Self.maxInsertBytes
    {
      let next = pendingInserts[taken]
      // A checkpoint stands for what was before it; what comes after it belongs to the next one.
      merged.items.append(next.items)
      merged.frames += next.frames
      merged.discovery = merged.discovery ?? next.discovery
      merged.sequence = next.sequence
      if let checkpoint = next.checkpoint { merged.checkpoint = checkpoint }
      taken += 1
    }
    pendingInserts.removeFirst(taken)
    pendingInsertBytes -= merged.items.bytes.count
    isInserting = true
    insertingBytes = merged.items.approximateBytes
    let options = InsertOptions(
      at: context.time.now(), checkpoint: merged.checkpoint, unique: uniqueness)
    spawn { [context, mailbox, merged] in
      do throws(StoreError) {
        let receipt = try await context.store.insert(merged.items, into: context.record.number, options: options)
        mailbox.post(
          .inserted(.success(receipt), sequence: merged.sequence, frames: merged.frames, discovery: merged.discovery))
      } catch {
        mailbox.post(.inserted(.failure(error), sequence: 0, frames: 0, discovery: nil))
      }
    }
  }

  /// Keys of other runs count only where effects are done.
  private var uniqueness: (job: String, policy: UniquePolicy)? {
    context.record.isPlan ? nil : context.job.unique.map { (context.job.name, $0) }
  }

  func inserted(_ result: Result<InsertReceipt, StoreError>, sequence: Int, frames: Int, discovery: SlotID?) {
    isInserting = false
    insertingBytes = 0
    switch result {
    case .failure(let error): breakDown(EngineError(error))
    case .success(let receipt):
      counts.available += receipt.inserted - receipt.skipped
      counts.skipped += receipt.skipped
      counts.duplicateKeys += receipt.duplicateKeys
      endedHere += receipt.skipped
      if receipt.inserted > 0 { normalMayHaveMore = true }
      if receipt.hasPriorities {
        usesPriorities = true
        urgentMayHaveMore = true
        lowMayHaveMore = true
      }
      // Its waiting for us was no silence.
      if let discovery, slots[discovery]?.phase == .discovering { slots[discovery]?.lastSignAt = uptime }
      if let discovery, frames > 0 { slots[discovery]?.worker?.send { $0.credit(UInt32(frames)) } }
      storedInserts = sequence
      releaseDeferred()
    }
  }

  /// Only the keys that the run was asked for.
  private func selected(_ items: NewItems) -> NewItems {
    guard let only = context.record.onlyKeys else { return items }
    let wanted = Set(only.map { Array($0.utf8) })
    var selected = items
    selected.entries = items.entries.filter { wanted.contains(Array(items.bytes[$0.key.range])) }
    return selected
  }
}

extension NewItems {
  /// Adds another batch behind this one.
  mutating func append(_ other: NewItems) {
    let shift = Int32(truncatingIfNeeded: bytes.count)
    bytes.append(contentsOf: other.bytes)
    for var entry in other.entries {
      entry.key.offset += shift
      entry.payload.offset += shift
      entries.append(entry)
    }
  }
}
