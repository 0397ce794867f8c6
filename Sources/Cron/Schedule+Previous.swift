extension Schedule {
  /// The last occurrence whose second is less; nil where there is none since the start and 1970.
  /// - Parameter includingSuppressed: those too that the policy took away (`isDue` is false).
  public func previous(before second: Int64, includingSuppressed: Bool = false) -> Occurrence? {
    guard second > ZoneTable.earliest else { return nil }
    return lastHit(atOrBefore: second - 1, all: includingSuppressed).map { occurrence($0) }
  }

  private func lastHit(atOrBefore second: Int64, all: Bool) -> Hit? {
    var to = min(second, endSecond - 1)
    while to >= firstSecond {
      var best: Hit?
      forEachExpression { kind in
        switch kind {
        case .calendar(let fields): best = .later(best, lastHit(fields, atOrBefore: to, all: all))
        case .every(let period): best = .later(best, last(every: Int64(period), atOrBefore: to))
        case .reboot: break
        }
      }
      guard let best, best.second >= firstSecond else { return nil }
      guard let window = windows.first(where: { $0.contains(best.second) }) else { return best }
      to = window.lowerBound - 1
    }
    return nil
  }

  /// `firstHit` in the other direction.
  private func lastHit(_ fields: CalendarFields, atOrBefore second: Int64, all: Bool) -> Hit? {
    let table = zone.table
    var index = table.index(of: second)
    var upper = second + table.stretches[index].offset
    var searchedFrom = upper
    guard var found = last(fields, atOrBefore: upper) else { return nil }
    while true {
      let stretch = table.stretches[index]
      if upper > searchedFrom || upper < found {
        searchedFrom = upper
        guard let match = last(fields, atOrBefore: upper) else { return nil }
        found = match
      }
      let repeats = repeatsBelow(stretch, fields)
      if found >= stretch.firstLocal && (all || found >= repeats) {
        return Hit(second: found - stretch.offset, local: found, stretch: index, isDue: found >= repeats)
      }
      guard index > 0 else { return nil }
      let gap = gap(stretch, fields)
      if gap == .due || gap == .suppressed && all {
        upper = stretch.firstLocal - 1
        if upper > searchedFrom || upper < found {
          searchedFrom = upper
          guard let match = last(fields, atOrBefore: upper) else { return nil }
          found = match
        }
        if found >= stretch.passed {
          return Hit(second: table.starts[index], local: found, stretch: index, isDue: gap == .due)
        }
      }
      index -= 1
      upper = table.stretches[index].end + table.stretches[index].offset - 1
    }
  }

  /// The last match on the wall that is not excluded.
  private func last(_ fields: CalendarFields, atOrBefore local: Int64) -> Int64? {
    guard var found = fields.last(atOrBefore: local) else { return nil }
    if excluded.isEmpty { return found }
    while true {
      if let free = excluded.last(fields, onDayAtOrBefore: found) { return free }
      guard let match = fields.last(atOrBefore: found.quotientDown(86_400) * 86_400 - 1) else { return nil }
      found = match
    }
  }

  /// The last multiple of a period, counted from the start, that is not excluded.
  private func last(every period: Int64, atOrBefore second: Int64) -> Hit? {
    let anchor = start ?? 0
    func multiple(_ second: Int64) -> Int64 { anchor + (second - anchor).quotientDown(period) * period }
    var found = multiple(second)
    let table = zone.table
    for _ in 0..<Self.patience where found >= firstSecond {
      let index = table.index(of: found)
      let stretch = table.stretches[index]
      let local = found + stretch.offset
      let free = excluded.isEmpty ? local : excluded.last(.always, onDayAtOrBefore: local)
      if free == local { return Hit(second: found, local: local, stretch: index, isDue: true) }
      let lastFree = (free ?? local.quotientDown(86_400) * 86_400 - 1) - stretch.offset
      found = multiple(min(found - 1, index == 0 ? lastFree : max(lastFree, table.starts[index] - 1)))
    }
    return nil
  }
}
