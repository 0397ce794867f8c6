extension Schedule {
  /// The first occurrence whose second is greater; nil where there is none before the end and 2200.
  /// - Parameter includingSuppressed: those too that the policy took away (`isDue` is false).
  public func next(after second: Int64, includingSuppressed: Bool = false) -> Occurrence? {
    guard second < ZoneTable.horizon else { return nil }
    return firstHit(atOrAfter: second + 1, all: includingSuppressed).map { occurrence($0) }
  }

  /// The first occurrence after another: at a later second, or at the same one in a later slot.
  public func next(after last: Occurrence, includingSuppressed: Bool = false) -> Occurrence? {
    guard (ZoneTable.earliest..<ZoneTable.horizon).contains(last.second) else {
      return next(after: last.second, includingSuppressed: includingSuppressed)
    }
    let index = zone.table.index(of: last.second)
    if isGapEnd(last.second, stretch: index), isOpen(last.second) {
      // With its edge the place is known; from a ledger's row it is counted.
      var slot = -1
      var local = Int64.min / 2
      switch last.edge {
      case .afterGap(let wanted), .inGap(let wanted):
        slot = last.slot
        local = wanted.ordinal
      default: break
      }
      while let hit = hit(atEndOfGap: index, above: local) {
        slot += 1
        local = hit.local
        if slot > last.slot && (hit.isDue || includingSuppressed) { return occurrence(hit, slot: slot) }
      }
    }
    return next(after: last.second, includingSuppressed: includingSuppressed)
  }

  /// Whether anything is due at that second.
  public func contains(second: Int64) -> Bool { second > .min && next(after: second - 1)?.second == second }

  /// The occurrences from a second to another, `to` excluded, found as they are asked for.
  public func occurrences(from: Int64, to: Int64, includingSuppressed: Bool = false) -> OccurrenceSequence {
    OccurrenceSequence(schedule: self, from: from, to: to, includingSuppressed: includingSuppressed)
  }

  /// Between start and end, and in no excluded window.
  func isOpen(_ second: Int64) -> Bool {
    (firstSecond..<max(endSecond, firstSecond)).contains(second) && !windows.contains { $0.contains(second) }
  }

  private func firstHit(atOrAfter second: Int64, all: Bool) -> Hit? {
    var from = max(second, firstSecond)
    let end = endSecond
    while from < end {
      var best: Hit?
      forEachExpression { kind in
        switch kind {
        case .calendar(let fields): best = .earlier(best, firstHit(fields, atOrAfter: from, all: all))
        case .every(let period): best = .earlier(best, first(every: Int64(period), atOrAfter: from))
        case .reboot: break
        }
      }
      guard let best, best.second < end else { return nil }
      guard let window = windows.first(where: { $0.contains(best.second) }) else { return best }
      from = window.upperBound
    }
    return nil
  }

  /// Walks the stretches of constant offset: what lies before the next match on the wall is passed over without looking again.
  private func firstHit(_ fields: CalendarFields, atOrAfter second: Int64, all: Bool) -> Hit? {
    let table = zone.table
    var index = table.index(of: second)
    var lower = second + table.stretches[index].offset
    var searchedFrom = lower
    var found = lower - 1
    if index > 0 && second == table.starts[index] {
      // A gap that ends here belongs to this second.
      lower = table.stretches[index].firstLocal
      let gap = gap(table.stretches[index], fields)
      if gap == .due || gap == .suppressed && all {
        searchedFrom = table.stretches[index].passed
        guard let match = first(fields, atOrAfter: searchedFrom) else { return nil }
        found = match
        if found < lower { return Hit(second: second, local: found, stretch: index, isDue: gap == .due) }
      }
    }
    while true {
      let stretch = table.stretches[index]
      let repeats = repeatsBelow(stretch, fields)
      if !all, lower < repeats { lower = repeats }
      if lower < searchedFrom || lower > found {
        searchedFrom = lower
        guard let match = first(fields, atOrAfter: lower) else { return nil }
        found = match
      }
      if found < stretch.end + stretch.offset {
        return Hit(second: found - stretch.offset, local: found, stretch: index, isDue: found >= repeats)
      }
      index += 1
      guard index < table.stretches.count else { return nil }
      let next = table.stretches[index]
      let gap = gap(next, fields)
      if gap == .due || gap == .suppressed && all {
        lower = next.passed
        if lower < searchedFrom || lower > found {
          searchedFrom = lower
          guard let match = first(fields, atOrAfter: lower) else { return nil }
          found = match
        }
        if found < next.firstLocal {
          return Hit(second: table.starts[index], local: found, stretch: index, isDue: gap == .due)
        }
      }
      lower = next.firstLocal
    }
  }

  /// The first match on the wall that is not excluded.
  func first(_ fields: CalendarFields, atOrAfter local: Int64) -> Int64? {
    guard var found = fields.first(atOrAfter: local) else { return nil }
    if excluded.isEmpty { return found }
    while true {
      if let free = excluded.first(fields, onDayAtOrAfter: found) { return free }
      guard let match = fields.first(atOrAfter: (found.quotientDown(86_400) + 1) * 86_400) else { return nil }
      found = match
    }
  }

  /// So many excluded multiples of a period in a row count as "never": four years of minutes.
  static var patience: Int { 2_000_000 }

  /// The first multiple of a period, counted from the start, that is not excluded.
  func first(every period: Int64, atOrAfter second: Int64) -> Hit? {
    let anchor = start ?? 0
    func multiple(_ second: Int64) -> Int64 { anchor + -(anchor - second).quotientDown(period) * period }
    var found = multiple(second)
    let table = zone.table
    for _ in 0..<Self.patience where found < ZoneTable.horizon {
      let index = table.index(of: found)
      let stretch = table.stretches[index]
      let local = found + stretch.offset
      let free = excluded.isEmpty ? local : excluded.first(.always, onDayAtOrAfter: local)
      if free == local { return Hit(second: found, local: local, stretch: index, isDue: true) }
      let nextFree = free ?? (local.quotientDown(86_400) + 1) * 86_400
      found = multiple(max(found + 1, min(nextFree - stretch.offset, stretch.end)))
    }
    return nil
  }
}

/// Occurrences one after another, each found when it is asked for.
public struct OccurrenceSequence: Sequence, IteratorProtocol, Sendable {
  private let schedule: Schedule
  private let to: Int64
  private let includingSuppressed: Bool
  private let from: Int64
  private var last: Occurrence?

  init(schedule: Schedule, from: Int64, to: Int64, includingSuppressed: Bool) {
    self.schedule = schedule
    self.from = Swift.max(from, ZoneTable.earliest)
    self.to = to
    self.includingSuppressed = includingSuppressed
  }

  public mutating func next() -> Occurrence? {
    let found =
      if let last { schedule.next(after: last, includingSuppressed: includingSuppressed) } else {
        schedule.next(after: from - 1, includingSuppressed: includingSuppressed)
      }
    guard let found, found.second < to else { return nil }
    last = found
    return found
  }
}
