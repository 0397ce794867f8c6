/// Between UTC and the clock on the wall.
extension ZoneRules {
  /// Which instants a time on the wall is.
  public enum Reading: Hashable, Sendable {
    case once(Int64)
    /// The clocks went back: it comes twice.
    case twice(first: Int64, second: Int64)
    /// The clocks went forward over it, at `at`.
    case never(at: Int64)

    /// The instant; the first of two; of a time that never comes the end of its gap.
    public var instant: Int64 {
      switch self {
      case .once(let second), .twice(let second, _), .never(let second): second
      }
    }
  }

  /// Seconds east of UTC at an instant.
  public func offset(at second: Int64) -> Int { Int(table.stretches[table.index(of: second)].offset) }

  /// What the wall shows at an instant.
  public func local(at second: Int64) -> LocalTime { LocalTime(ordinal: second + Int64(offset(at: second))) }

  /// The first change of the offset after an instant; nil where there is none before 2200.
  public func transition(after second: Int64) -> Int64? {
    let next = table.index(of: second) + 1
    return next < table.starts.count ? table.starts[next] : nil
  }

  /// Which instants a time on the wall is.
  public func reading(of local: LocalTime) -> Reading {
    // Offsets stay within a day of each other at one time, but Pacific zones went around the date line.
    var index = table.index(of: local.ordinal - 2 * 86_400)
    var found: [Int64] = []
    while index < table.starts.count, table.starts[index] <= local.ordinal + 2 * 86_400 {
      let stretch = table.stretches[index]
      let instant = local.ordinal - stretch.offset
      let isLast = index + 1 == table.starts.count
      if instant >= table.starts[index], isLast || instant < stretch.end { found.append(instant) }
      if found.isEmpty, stretch.firstLocal > local.ordinal, index > 0 { return .never(at: table.starts[index]) }
      index += 1
    }
    switch found.count {
    case 0, 1: return .once(found.first ?? local.ordinal - table.stretches[table.stretches.count - 1].offset)
    default: return .twice(first: found[0], second: found[1])
    }
  }

  /// The instant of a time on the wall; the first of two; the end of the gap for one that never comes.
  public func second(of local: LocalTime) -> Int64 { reading(of: local).instant }
}
