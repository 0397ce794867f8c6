import Cron
import HeapModule
import JobModel
import Store

/// A schedule and how far it has been judged.
struct AgendaEntry {
  let number: ScheduleNumber
  let job: ScheduledJob
  let name: String
  let schedule: Schedule
  /// Earlier instants are not its own.
  let since: Timestamp
  /// Every due instant up to this one is in the ledger.
  var mark: InstantKey?
  /// The instant of this boot, for a schedule with `@reboot` that has not seen it judged.
  var bootDueAt: Timestamp?

  /// An instant at the key is its own, and not yet judged.
  func awaits(_ key: InstantKey) -> Bool { key.dueAt >= since && mark.map { $0 < key } ?? true }
}

/// An instant on the agenda.
struct DueInstant: Comparable {
  enum Kind: UInt8 {
    case due
    /// The second pass through a repeated local time.
    case folded
    /// A local time that was left out.
    case inGap
    /// Of `@reboot`.
    case boot
  }

  var dueAt: Timestamp
  var slot: Int32
  /// Index of its entry.
  var entry: Int32
  var kind: Kind

  var key: InstantKey { InstantKey(dueAt, slot: Int(slot)) }

  static func < (left: Self, right: Self) -> Bool {
    (left.dueAt, left.slot, left.entry) < (right.dueAt, right.slot, right.entry)
  }
}

/// The next instant of every schedule, soonest first. Belongs to the scheduler.
final class Agenda {
  private(set) var entries: [AgendaEntry]
  private(set) var heap = Heap<DueInstant>()

  /// `entries`: those of a job beside each other.
  init(_ entries: [AgendaEntry]) {
    self.entries = entries
    for entry in entries { entry.job.entries = 0..<0 }  // another agenda may have had the job
    for (index, entry) in zip(Int32(0)..., entries) {
      let job = entry.job
      job.entries = job.entries.isEmpty ? index..<index + 1 : job.entries.lowerBound..<index + 1
    }
    rearm()
  }

  /// The entries of a job.
  func entries(of job: ScheduledJob) -> [AgendaEntry] { job.entries.map { entries[Int($0)] } }

  /// Begins anew behind the marks.
  func rearm() {
    heap = Heap(entries.indices.compactMap { first(of: $0) })
  }

  /// Takes the soonest instant off; the next one of its schedule takes its place.
  func popFirst() -> DueInstant? {
    guard let due = heap.min else { return nil }
    if let next = next(after: due) { heap.replaceMin(with: next) } else { heap.removeMin() }
    return due
  }

  /// The ledger has everything of the entry up to `key`.
  func judged(_ entry: Int, upTo key: InstantKey) { entries[entry].mark = key }

  func setMark(_ entry: Int, _ mark: InstantKey?) { entries[entry].mark = mark }

  /// The soonest instant behind the entry's mark.
  private func first(of index: Int) -> DueInstant? {
    let entry = entries[index]
    let schedule = entry.schedule
    var found: Occurrence?
    if let mark = entry.mark, mark.dueAt >= entry.since {
      found = schedule.next(
        after: Occurrence(second: mark.dueAt.wholeSeconds, slot: mark.slot), includingSuppressed: true)
    } else {
      found = schedule.next(after: entry.since.secondsRoundedUp - 1, includingSuppressed: true)
    }
    // The mark may be one of `@reboot`, which lies between seconds.
    while let one = found, !entry.awaits(one.key) { found = schedule.next(after: one, includingSuppressed: true) }
    return soonest(found, index)
  }

  /// The instant of the same schedule that follows `due`.
  func next(after due: DueInstant) -> DueInstant? {
    let index = Int(due.entry)
    let place = Occurrence(second: due.dueAt.wholeSeconds, slot: Int(due.slot))
    var found = entries[index].schedule.next(after: place, includingSuppressed: true)
    while let one = found, one.key <= due.key {
      found = entries[index].schedule.next(after: one, includingSuppressed: true)
    }
    return soonest(found, index, after: due.key)
  }

  private func soonest(_ occurrence: Occurrence?, _ index: Int, after: InstantKey? = nil) -> DueInstant? {
    if let boot = entries[index].bootDueAt, entries[index].awaits(InstantKey(boot)),
      after.map({ $0 < InstantKey(boot) }) ?? true, occurrence.map({ InstantKey(boot) < $0.key }) ?? true
    {
      return DueInstant(dueAt: boot, slot: 0, entry: Int32(index), kind: .boot)
    }
    guard let occurrence else { return nil }
    var kind = DueInstant.Kind.due
    if !occurrence.isDue {
      kind = .folded
      if case .inGap? = occurrence.edge { kind = .inGap }
    }
    return DueInstant(
      dueAt: occurrence.key.dueAt, slot: Int32(occurrence.slot), entry: Int32(index), kind: kind)
  }

  /// The last instant of the entry before `limit` that is due and not yet judged.
  func last(of index: Int, before limit: Timestamp) -> InstantKey? {
    let entry = entries[index]
    var found = entry.schedule.previous(before: limit.secondsRoundedUp)?.key
    if let boot = entry.bootDueAt, boot < limit { found = max(found ?? InstantKey(boot), InstantKey(boot)) }
    guard let found, entry.awaits(found) else { return nil }
    return found
  }
}

extension Occurrence {
  var key: InstantKey { InstantKey(Timestamp(seconds: second), slot: slot) }
}

extension Timestamp {
  /// Whole seconds since 1970, rounded up.
  var secondsRoundedUp: Int64 { wholeSeconds + (microseconds % 1_000_000 == 0 ? 0 : 1) }
}
