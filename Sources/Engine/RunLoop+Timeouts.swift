import JobModel
import Store
import WorkerPool

/// What takes too long: an item, a silent discovery or finish, the run itself.
extension RunLoop {
  func checkTimeouts() {
    let now = uptime
    checkRunDeadline(now)
    for id in Array(slots.keys) {
      guard let slot = slots[id], slot.worker != nil, slot.kill == nil else { continue }
      switch slot.phase {
      case .ready: if !slot.inFlight.isEmpty { checkItems(id, slot, now) }
      case .discovering, .finishing: checkSilence(id, slot, now)
      case .leaving: checkGoodbye(id, slot, now)
      case .starting: break
      }
    }
  }

  private func checkRunDeadline(_ now: Duration) {
    guard isWorking, let limit = context.job.timeouts.run else { return }
    let left = limit - (context.time.now() - startedAt)
    if left <= .zero {
      leave(.cancel("it ran longer than its timeout of \(seconds(limit))"), grace: context.job.timeouts.cancelGrace)
    } else {
      arm(now + left)
    }
  }

  /// A call that neither names items nor says anything for as long as an item may take is stuck.
  private func checkSilence(_ id: SlotID, _ slot: Slot, _ now: Duration) {
    guard let timeout = context.itemTimeout, slot.openRequests == 0 else { return }
    let grace = context.job.timeouts.cancelGrace
    if let cancelledAt = slot.cancelledAllAt {
      guard now < cancelledAt + grace else {
        slots[id]?.kill = .silence
        slot.worker?.kill()
        return
      }
      return arm(cancelledAt + grace)
    }
    // Waiting for credit is our silence, not the plugin's.
    guard pendingInserts.isEmpty, !isInserting else { return }
    guard now < slot.lastSignAt + timeout else {
      note(.warning, "worker \(slot.worker?.pid ?? 0) has said nothing for \(seconds(timeout)); it is told to stop")
      slots[id]?.cancelledAllAt = now
      slot.worker?.send { $0.cancel(nil) }
      return arm(now + grace)
    }
    arm(slot.lastSignAt + timeout)
  }

  /// A plugin that does not come back from `destroy` must not leave a process behind with every worker that is replaced.
  private func checkGoodbye(_ id: SlotID, _ slot: Slot, _ now: Duration) {
    let until = (slot.leavingSince ?? now) + context.job.timeouts.cancelGrace
    guard now >= until else { return arm(until) }
    note(.warning, "worker \(slot.worker?.pid ?? 0) does not end when asked; it is killed")
    slots[id]?.kill = .stop
    slot.worker?.kill()
  }

  private func checkItems(_ id: SlotID, _ slot: Slot, _ now: Duration) {
    guard let timeout = context.itemTimeout else { return }
    let grace = context.job.timeouts.cancelGrace
    var next = Duration.seconds(1 << 40)
    var overdueForGood: Set<ItemID> = []
    var unknown = 0
    for (item, flight) in slot.inFlight {
      if let cancelledAt = flight.cancelledAt {
        if now >= cancelledAt + grace { overdueForGood.insert(item) } else { next = min(next, cancelledAt + grace) }
      } else if let startedAt = flight.startedAt {
        if now >= startedAt + timeout {
          timeOut(item, in: id, now)
          next = min(next, now + grace)
        } else {
          next = min(next, startedAt + timeout)
        }
      } else {
        unknown += 1
      }
    }
    if !overdueForGood.isEmpty {
      slots[id]?.kill = .timeout(guilty: overdueForGood)
      slot.worker?.kill()
      return
    }
    if unknown > 0 { next = min(next, checkUnknown(id, slot, now, timeout, grace)) }
    if next < .seconds(1 << 40) { arm(next) }
  }

  /// Items whose beginning was not told: one of them is late when the worker has completed nothing for the whole timeout.
  private func checkUnknown(
    _ id: SlotID, _ slot: Slot, _ now: Duration, _ timeout: Duration, _ grace: Duration
  ) -> Duration {
    if let cancelledAt = slot.cancelledAllAt {
      guard now >= cancelledAt + grace else { return cancelledAt + grace }
      slots[id]?.kill = .timeout(guilty: [])
      slot.worker?.kill()
      return .seconds(1 << 40)
    }
    let newest = slot.inFlight.count == 1 ? slot.inFlight.values.first!.handedAt : .zero
    let since = max(slot.lastSignAt, newest)
    guard now >= since + timeout else { return since + timeout }
    if slot.inFlight.count == 1, let item = slot.inFlight.keys.first {
      timeOut(item, in: id, now)
    } else {
      note(.warning, "worker \(slot.worker?.pid ?? 0) has completed nothing for \(seconds(timeout)); it is told to stop")
      slots[id]?.cancelledAllAt = now
      slot.worker?.send { $0.cancel(nil) }
    }
    return now + grace
  }

  private func timeOut(_ item: ItemID, in id: SlotID, _ now: Duration) {
    slots[id]?.inFlight[item]?.cancelledAt = now
    slots[id]?.worker?.send { $0.cancel(item) }
  }
}
