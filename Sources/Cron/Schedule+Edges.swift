/// What a change of the clocks means to an expression under the schedule's policy.
extension Schedule {
  /// Below this time on the wall a stretch repeats what had come before, and the policy wants it once.
  func repeatsBelow(_ stretch: ZoneTable.Stretch, _ fields: CalendarFields) -> Int64 {
    stretch.change == .fold && !fields.isWildcard && dst != .literal ? stretch.passed : .min
  }

  /// What becomes of the times between `passed` and `firstLocal` of a stretch, which never came.
  func gap(_ stretch: ZoneTable.Stretch, _ fields: CalendarFields) -> Gap {
    guard stretch.firstLocal > stretch.passed, stretch.change != .none else { return .nothing }
    switch stretch.change {
    case .slip where dst == .debian: return .due
    case .gap where dst == .debian && !fields.isWildcard: return .due
    default: return fields.isWildcard ? .nothing : .suppressed
    }
  }

  enum Gap {
    /// It holds no times of this expression.
    case nothing
    /// They are due at its end.
    case due
    /// They are told of, and not due.
    case suppressed
  }

  /// Whether several occurrences may come at one second: the first of a stretch behind a gap.
  func isGapEnd(_ second: Int64, stretch index: Int) -> Bool {
    let stretch = zone.table.stretches[index]
    return index > 0 && second == zone.table.starts[index] && stretch.firstLocal > stretch.passed && stretch.change != .none
  }

  /// The first of the occurrences at the end of a gap whose time on the wall is above a given one, whether due or not.
  func hit(atEndOfGap index: Int, above local: Int64) -> Hit? {
    let stretch = zone.table.stretches[index]
    let second = zone.table.starts[index]
    guard local < stretch.firstLocal else { return nil }
    let own = Hit(second: second, local: stretch.firstLocal, stretch: index, isDue: true)
    var best: Hit?
    forEachExpression { kind in
      switch kind {
      case .calendar(let fields):
        let gap = gap(stretch, fields)
        if gap != .nothing, let found = first(fields, atOrAfter: max(stretch.passed, local + 1)), found < stretch.firstLocal {
          best = .earlier(best, Hit(second: second, local: found, stretch: index, isDue: gap == .due))
        } else if first(fields, atOrAfter: stretch.firstLocal) == stretch.firstLocal {
          best = .earlier(best, own)
        }
      case .every(let period):
        if first(every: Int64(period), atOrAfter: second)?.second == second { best = .earlier(best, own) }
      case .reboot: break
      }
    }
    return best
  }

  /// A hit as the caller sees it, with its slot and edge.
  func occurrence(_ hit: Hit) -> Occurrence {
    var slot = 0
    if isGapEnd(hit.second, stretch: hit.stretch) {
      var below = self.hit(atEndOfGap: hit.stretch, above: .min / 2)
      while let one = below, one.local < hit.local {
        slot += 1
        below = self.hit(atEndOfGap: hit.stretch, above: one.local)
      }
    }
    return occurrence(hit, slot: slot)
  }

  func occurrence(_ hit: Hit, slot: Int) -> Occurrence {
    Occurrence(second: hit.second, slot: slot, edge: edge(hit), isDue: hit.isDue)
  }

  private func edge(_ hit: Hit) -> Occurrence.Edge? {
    let stretches = zone.table.stretches
    let stretch = stretches[hit.stretch]
    if hit.local < stretch.firstLocal {
      return hit.isDue ? .afterGap(LocalTime(ordinal: hit.local)) : .inGap(LocalTime(ordinal: hit.local))
    }
    if hit.stretch > 0 {
      let before = stretches[hit.stretch - 1]
      if hit.local < before.end + before.offset { return .foldedRepeat }
    }
    if hit.stretch + 1 < stretches.count, hit.local >= stretches[hit.stretch + 1].firstLocal { return .firstOfFold }
    return nil
  }
}
