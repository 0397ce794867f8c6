/// Cuts one user's events into stretches of time and counts each.
struct BucketScan {
  /// By session: the last stretch that it was counted in, and the last that it was counted in as converted.
  private var seen: [(bucket: Int64, converted: Int64)] = []
  /// Counts stretches, over all users.
  private var serial: Int64 = 0
  private var keys: [Int64] = []

  /// Makes room for so many sessions.
  mutating func begin(sessions: Int) {
    while seen.count < sessions { seen.append((0, 0)) }
  }

  /// Calls `body` with each stretch in order: its key, its counts, when its last event was. `key` says in which stretch an instant
  /// is.
  @inline(__always)
  mutating func scan(
    _ events: [Event], sessions: [UInt32], key: (Int64) -> Int64, body: (Int64, Counts, Int64) -> Void
  ) {
    keys.removeAll(keepingCapacity: true)
    var isOrdered = true
    for event in events {
      let key = key(event.atUs)
      if let last = keys.last, key < last { isOrdered = false }
      keys.append(key)
    }
    if isOrdered { return count(events, sessions, keys, body) }
    // Where the clocks are set back over midnight, a day comes twice.
    let order = events.indices.sorted { keys[$0] == keys[$1] ? $0 < $1 : keys[$0] < keys[$1] }
    count(order.map { events[$0] }, order.map { sessions[$0] }, order.map { keys[$0] }, body)
  }

  @inline(__always)
  private mutating func count(
    _ events: [Event], _ sessions: [UInt32], _ keys: [Int64], _ body: (Int64, Counts, Int64) -> Void
  ) {
    var index = 0
    while index < events.count {
      let key = keys[index]
      var counts = Counts()
      var lastUs: Int64 = 0
      serial += 1
      while index < events.count, keys[index] == key {
        let event = events[index]
        counts.add(event)
        lastUs = max(lastUs, event.atUs)
        if sessions[index] != SessionNumbers.none {
          let session = Int(sessions[index])
          if seen[session].bucket != serial {
            seen[session].bucket = serial
            counts.sessions += 1
          }
          if event.type == EventType.purchase, seen[session].converted != serial {
            seen[session].converted = serial
            counts.converted += 1
          }
        }
        index += 1
      }
      body(key, counts, lastUs)
    }
  }
}
