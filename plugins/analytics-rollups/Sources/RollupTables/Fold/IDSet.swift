/// Finds events of one user that have an id in common. Used again for each user.
struct IDSet {
  private var slots: [(high: UInt64, low: UInt64, round: UInt32)] = Array(repeating: (0, 0, 0), count: 64)
  private var round: UInt32 = 0

  /// Takes out every event whose id an earlier one has, and says how many.
  mutating func removeRepeated(from events: inout [Event]) -> Int {
    if events.count < 2 { return 0 }
    begin(events.count)
    var kept = 0
    for index in events.indices where insert(events[index].idHigh, events[index].idLow) {
      if kept != index { events[kept] = events[index] }
      kept += 1
    }
    let removed = events.count - kept
    if removed > 0 { events.removeLast(removed) }
    return removed
  }

  private mutating func begin(_ count: Int) {
    var size = slots.count
    while size < count * 2 { size *= 2 }
    if size > slots.count || round == .max {
      slots = Array(repeating: (0, 0, 0), count: size)
      round = 0
    }
    round += 1
    // A small user looks at few slots of a large table.
    var span = 64
    while span < count * 2 { span *= 2 }
    mask = span - 1
  }

  private var mask = 0

  @inline(__always)
  private mutating func insert(_ high: UInt64, _ low: UInt64) -> Bool {
    var place = Int(truncatingIfNeeded: low) & mask
    while slots[place].round == round {
      if slots[place].high == high, slots[place].low == low { return false }
      place = (place + 1) & mask
    }
    slots[place] = (high, low, round)
    return true
  }
}

/// Numbers the sessions of one user from 0. Used again for each user.
struct SessionNumbers {
  private var slots: [(session: UInt64, round: UInt32, number: UInt32)] = Array(repeating: (0, 0, 0), count: 64)
  private var round: UInt32 = 0
  private var mask = 0
  private(set) var count = 0

  static let none = UInt32.max

  /// The numbers of the events' sessions.
  mutating func number(_ events: [Event], into numbers: inout [UInt32]) {
    var size = slots.count
    while size < events.count * 2 { size *= 2 }
    if size > slots.count || round == .max {
      slots = Array(repeating: (0, 0, 0), count: size)
      round = 0
    }
    round += 1
    count = 0
    var span = 64
    while span < events.count * 2 { span *= 2 }
    mask = span - 1
    numbers.removeAll(keepingCapacity: true)
    var last: (session: UInt64, number: UInt32) = (0, Self.none)
    for event in events {
      if event.session != last.session { last = (event.session, event.session == 0 ? Self.none : find(event.session)) }
      numbers.append(last.number)
    }
  }

  private mutating func find(_ session: UInt64) -> UInt32 {
    var place = Int(truncatingIfNeeded: session) & mask
    while slots[place].round == round {
      if slots[place].session == session { return slots[place].number }
      place = (place + 1) & mask
    }
    slots[place] = (session, round, UInt32(count))
    count += 1
    return UInt32(count - 1)
  }
}
