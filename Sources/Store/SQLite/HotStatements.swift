internal import GRDBSQLite
internal import JobModel

/// The writer's prepared statements for whole batches: rows are bound from the batch's own bytes, with no string or array
/// made for any of them.
final class HotStatements {
  private var all: [HotStatement] = []
  private let insertItem, recordOutcome, giveBack, recordTry, forgetOldTry, addEvent, makeAvailable: HotStatement
  private let claimant, claim, unclaim, skip: HotStatement
  let due: HotReads.Due

  init(_ connection: OpaquePointer, errors: SQLiteErrors) throws(StoreError) {
    var all: [HotStatement] = []
    func prepare(_ sql: String, _ action: String) throws(StoreError) -> HotStatement {
      let statement = try HotStatement(sql, on: connection, errors: errors, doing: action)
      all.append(statement)
      return statement
    }
    insertItem = try prepare(ItemSQL.insert, "adding items")
    recordOutcome = try prepare(ItemSQL.record, "recording outcomes")
    giveBack = try prepare(ItemSQL.giveBack, "giving items back")
    recordTry = try prepare(ItemSQL.recordTry, "recording tries")
    forgetOldTry = try prepare(ItemSQL.forgetOldTry, "forgetting old tries")
    addEvent = try prepare(ItemSQL.insertEvent, "storing events")
    makeAvailable = try prepare(ItemSQL.makeAvailable, "making due items available")
    claimant = try prepare(ItemSQL.claimant, "looking for claimed keys")
    claim = try prepare(ItemSQL.claim, "claiming keys")
    unclaim = try prepare(ItemSQL.unclaim, "giving claimed keys back")
    skip = try prepare(ItemSQL.skip, "skipping duplicates")
    due = HotReads.Due(try prepare(ItemSQL.due, "reading due items"))
    self.all = all
  }

  func finalize() {
    for statement in all { statement.finalize() }
    all = []
  }
}

// MARK: Adding items

extension HotStatements {
  /// A key that another run holds, by the item that holds it.
  struct Duplicate {
    var item: ItemID
    var claimant: ItemID
  }

  struct Insertion {
    var inserted = 0
    var hasPriorities = false
    var nextPlace: Int
    var duplicates: [Duplicate] = []
  }

  /// Adds the items from `nextPlace` on. With `unique`, claims their keys, and lists those that another run holds.
  func insert(
    _ items: NewItems, into run: RunNumber, nextPlace: Int, unique: (job: String, policy: UniquePolicy)?, at: Timestamp
  ) throws(StoreError) -> Insertion {
    var result = Insertion(nextPlace: nextPlace)
    insertItem.bind(2, run.raw)
    try items.bytes.withBytes { bytes throws(StoreError) in
      for entry in items.entries {
        let id = ItemID(run: run, place: result.nextPlace)
        let key = UnsafeRawBufferPointer(rebasing: bytes[entry.key.range])
        insertItem.bind(1, id.raw)
        insertItem.bind(3, Int64(entry.priority))
        insertItem.bindText(4, key)
        insertItem.bindBlob(5, UnsafeRawBufferPointer(rebasing: bytes[entry.payload.range]))
        guard try insertItem.run() == 1 else { continue }
        result.nextPlace += 1
        result.inserted += 1
        if entry.priority != 0 { result.hasPriorities = true }
        if let unique, let other = try claim(key, for: id, unique, at: at) {
          result.duplicates.append(Duplicate(item: id, claimant: other))
        }
      }
    }
    return result
  }

  /// Claims a key for an item; returns the item of another run that holds it already, and leaves it there.
  private func claim(
    _ key: UnsafeRawBufferPointer, for id: ItemID, _ unique: (job: String, policy: UniquePolicy), at: Timestamp
  ) throws(StoreError) -> ItemID? {
    try Array(unique.job.utf8).withBytes { job throws(StoreError) in
      claimant.bindText(1, job)
      claimant.bindText(2, key)
      claimant.bind(3, at.microseconds)
      claimant.bind(4, ItemID(run: id.run, place: 0).raw)
      claimant.bind(5, ItemID.last(of: id.run).raw)
      if try claimant.step() {
        let other = ItemID(raw: claimant.int(0))
        claimant.reset()
        return other
      }
      claim.bindText(1, job)
      claim.bindText(2, key)
      claim.bind(3, (at + unique.policy.period).microseconds)
      claim.bind(4, id.raw)
      _ = try claim.run()
      return nil
    }
  }

  func skip(_ item: ItemID, reason: String) throws(StoreError) {
    try Array(reason.utf8).withBytes { reason throws(StoreError) in
      skip.bind(1, item.raw)
      skip.bindText(2, reason)
      _ = try skip.run()
    }
  }
}

// MARK: Recording outcomes

extension HotStatements {
  struct Recording {
    var recorded = 0
    var stale: [ItemID] = []
    /// What was recorded, by state.
    var counts = ItemCounts()
  }

  /// Records outcomes of leased items, which the store holds as available.
  func record(_ outcomes: RecordedOutcomes) throws(StoreError) -> Recording {
    var result = Recording()
    var byState = [Int](repeating: 0, count: ItemState.allCases.count)
    var tellers: Set<ItemID> = []
    let hasEvents = !outcomes.events.isEmpty
    try outcomes.bytes.withBytes { bytes throws(StoreError) in
      for entry in outcomes.entries {
        let isChanged =
          entry.state == .available && entry.cause == nil ? try giveBack(entry) : try record(entry, bytes)
        guard isChanged else {
          result.stale.append(entry.item)
          continue
        }
        result.recorded += 1
        byState[entry.state.rawValue] += 1
        if hasEvents { tellers.insert(entry.item) }
        if entry.state.isFailure, let job = outcomes.uniqueJob { try giveBackClaim(of: entry.item, job: job) }
      }
      for event in outcomes.events where tellers.contains(event.item) {
        try add(event, outcomes, bytes)
      }
    }
    for state in ItemState.allCases { result.counts[state] = byState[state.rawValue] }
    return result
  }

  private func giveBack(_ entry: RecordedOutcomes.Entry) throws(StoreError) -> Bool {
    giveBack.bind(1, entry.item.raw)
    giveBack.bind(2, Int64(entry.attempts))
    giveBack.bind(3, Int64(entry.deaths))
    giveBack.bind(4, Int64(entry.expectedAttempts))
    return try giveBack.run() == 1
  }

  private func record(
    _ entry: RecordedOutcomes.Entry, _ bytes: UnsafeRawBufferPointer
  ) throws(StoreError) -> Bool {
    let isTry = entry.cause != nil && (entry.state == .retrying || entry.state == .available)
    recordOutcome.bind(1, entry.item.raw)
    recordOutcome.bind(2, Int64(entry.state.rawValue))
    recordOutcome.bind(3, Int64(entry.attempts))
    recordOutcome.bind(4, Int64(entry.deaths))
    if entry.state == .retrying {
      recordOutcome.bind(5, (entry.dueAt ?? entry.startedAt).microseconds)
    } else {
      recordOutcome.bindNull(5)
    }
    recordOutcome.bind(6, entry.startedAt.microseconds)
    recordOutcome.bind(7, entry.durationMicroseconds)
    recordOutcome.bind(8, Int64(entry.workerPID))
    recordOutcome.bindOptionalText(9, entry.reason, bytes)
    recordOutcome.bindOptionalText(10, entry.output, bytes)
    recordOutcome.bindOptionalText(11, entry.effect, bytes)
    recordOutcome.bind(12, Int64(entry.expectedAttempts))
    recordOutcome.bind(13, isTry ? 1 : 0)
    guard try recordOutcome.run() == 1 else { return false }
    if isTry, let cause = entry.cause { try add(tryOf: entry, cause, bytes) }
    return true
  }

  private func add(
    tryOf entry: RecordedOutcomes.Entry, _ cause: RetryCause, _ bytes: UnsafeRawBufferPointer
  ) throws(StoreError) {
    recordTry.bind(1, entry.item.raw)
    recordTry.bind(2, Int64(entry.expectedAttempts) + 1)
    recordTry.bind(3, Int64(cause.rawValue))
    recordTry.bind(4, entry.startedAt.microseconds)
    recordTry.bind(5, entry.durationMicroseconds)
    recordTry.bind(6, Int64(entry.workerPID))
    recordTry.bindText(7, UnsafeRawBufferPointer(rebasing: bytes[entry.reason.range]))
    _ = try recordTry.run()
    forgetOldTry.bind(1, entry.item.raw)
    _ = try forgetOldTry.run()
  }

  private func giveBackClaim(of item: ItemID, job: String) throws(StoreError) {
    try Array(job.utf8).withBytes { job throws(StoreError) in
      unclaim.bindText(1, job)
      unclaim.bind(2, item.raw)
      _ = try unclaim.run()
    }
  }

  private func add(
    _ event: RecordedOutcomes.Event, _ outcomes: RecordedOutcomes, _ bytes: UnsafeRawBufferPointer
  ) throws(StoreError) {
    addEvent.bind(1, outcomes.run.raw)
    addEvent.bind(2, event.item.raw)
    addEvent.bindText(3, UnsafeRawBufferPointer(rebasing: bytes[event.type.range]))
    addEvent.bindText(4, UnsafeRawBufferPointer(rebasing: bytes[event.json.range]))
    addEvent.bind(5, outcomes.at.microseconds)
    _ = try addEvent.run()
  }

  func makeAvailable(_ item: ItemID) throws(StoreError) {
    makeAvailable.bind(1, item.raw)
    _ = try makeAvailable.run()
  }
}

extension HotStatement {
  /// NULL for an empty piece.
  @inline(__always)
  func bindOptionalText(_ index: Int32, _ piece: ByteRange, _ bytes: UnsafeRawBufferPointer) {
    if piece.isEmpty { bindNull(index) } else { bindText(index, UnsafeRawBufferPointer(rebasing: bytes[piece.range])) }
  }
}

extension Array where Element == UInt8 {
  /// `withUnsafeBytes` with a typed error.
  @inline(__always)
  func withBytes<Value>(_ body: (UnsafeRawBufferPointer) throws(StoreError) -> Value) throws(StoreError) -> Value {
    try withUnsafeBufferPointer { buffer throws(StoreError) in try body(UnsafeRawBufferPointer(buffer)) }
  }
}

extension ItemID {
  /// The greatest id that an item of the run can have.
  static func last(of run: RunNumber) -> ItemID { ItemID(run: run, place: 0xffff_ffff) }
}
