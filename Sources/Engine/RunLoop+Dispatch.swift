import JobModel
import Store
import WorkerPool

/// From `ready` to workers, within every bound: credits, concurrency, rate, breakers, what waits to be recorded.
extension RunLoop {
  /// Outcomes that may wait for the store before nothing more is handed out.
  private static let maxUnrecorded = 32_768
  private static let maxUnrecordedBytes = 32 * 1024 * 1024
  private static let maxBatch = 1_024
  private static let maxBatchBytes = 512 * 1024

  func pumpDispatch() {
    pumpIsolation()
    guard !ready.isEmpty, pendingRecord.entries.count < Self.maxUnrecorded,
      pendingRecord.bytes.count < Self.maxUnrecordedBytes
    else { return }
    while !ready.isEmpty {
      guard let slot = slotWithMostRoom() else { return }
      var room = roomIn(slot)
      let concurrencyLeft = (context.job.concurrency ?? .max) - inFlightCount
      room = min(room, concurrencyLeft, Self.maxBatch)
      guard room > 0 else { return }
      room = min(room, tokensFor(room))
      guard room > 0 else { return }
      if pluginBreaker.isTripped {
        guard admitsTrial() else { return }
        room = 1
      }
      guard let (batch, indices) = ready.take(room, maxBytes: Self.maxBatchBytes) else { return }
      bucket?.take(indices.count)
      hand(batch, indices, to: slot.id)
      if pluginBreaker.isTripped { return }
    }
  }

  /// Suspects go one at a time to a worker that holds nothing else.
  private func pumpIsolation() {
    guard !isolation.isEmpty, !slots.values.contains(where: \.isIsolating) else { return }
    guard let slot = slots.values.filter({ $0.isUsable && $0.inFlight.isEmpty }).min(by: { $0.id.raw < $1.id.raw }) else {
      return
    }
    guard inFlightCount < context.job.concurrency ?? .max else { return }
    guard !pluginBreaker.isTripped || admitsTrial() else { return }
    guard tokensFor(1) > 0, let (batch, indices) = isolation.take(1, maxBytes: .max) else { return }
    bucket?.take(1)
    slots[slot.id]?.isIsolating = true
    hand(batch, indices, to: slot.id)
  }

  private func hand(_ batch: ReadyBatch, _ indices: Range<Int>, to id: SlotID) {
    let now = uptime
    trialIsOpen = false
    slots[id]?.worker?.send { [context] in $0.process(batch.items, indices, itemTimeout: context.itemTimeout) }
    for index in indices {
      slots[id]?.inFlight[batch.items.entries[index].id] = InFlight(batch: batch, index: index, handedAt: now)
    }
    slots[id]?.itemsGiven += indices.count
    if slots[id]?.inFlight.count == indices.count { slots[id]?.lastSignAt = now }
  }

  private func slotWithMostRoom() -> Slot? {
    slots.values.filter { roomIn($0) > 0 }.max { roomIn($0) < roomIn($1) }
  }

  /// Items that a slot may be given now. A slot is filled up again when a quarter of it is free: frames stay large.
  private func roomIn(_ slot: Slot) -> Int {
    guard slot.isUsable, !slot.isIsolating else { return 0 }
    // A worker that becomes empty is kept for the suspects that wait.
    if !isolation.isEmpty && slots.values.count(where: \.isUsable) <= 1 { return 0 }
    let room = context.maxInFlight - slot.inFlight.count
    return room * 4 >= context.maxInFlight || slot.inFlight.isEmpty ? room : 0
  }

  private func tokensFor(_ wanted: Int) -> Int {
    guard bucket != nil else { return wanted }
    let tokens = bucket!.available(at: uptime)
    if tokens == 0 { arm(bucket!.nextAt) }
    return min(wanted, tokens)
  }
}
