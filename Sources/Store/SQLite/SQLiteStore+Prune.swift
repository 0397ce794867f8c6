internal import GRDB
package import JobModel

extension SQLiteStore {
  /// Items or events removed in one transaction.
  private static let piece = 2_000

  package func prune(_ policy: PrunePolicy, at: Timestamp) async throws(StoreError) -> PruneReceipt {
    var budget = PruneBudget(runs: policy.batch, items: policy.batch * 1_000)
    var receipt = PruneReceipt(items: 0, runs: 0, removedRuns: [])
    try await removeExpiredClaims(at: at, &budget)
    for run in try await wholeRuns(policy, at: at, limit: budget.runs) where budget.items > 0 {
      let (items, isEmpty) = try await removeItems(of: run, PruneSQL.anyItems, &budget)
      receipt.items += items
      guard isEmpty, let id = try await removeRun(run, &budget) else { continue }
      budget.runs -= 1
      receipt.runs += 1
      receipt.removedRuns.append(id)
    }
    for run in try await runsWithDoneItems(policy, at: at, limit: budget.runs) where budget.items > 0 {
      let (items, isEmpty) = try await removeItems(of: run, PruneSQL.doneItems, &budget)
      receipt.items += items
      guard isEmpty else { continue }
      budget.runs -= 1
      try await writer.write("marking a pruned run") { context in
        try context.db.execute(sql: PruneSQL.markItemsPruned, arguments: [run.raw])
      }
    }
    return receipt
  }

  private func wholeRuns(
    _ policy: PrunePolicy, at: Timestamp, limit: Int
  ) async throws(StoreError) -> [RunNumber] {
    let before = Timestamp(microseconds: at.microseconds - policy.runsAfter.wholeMicroseconds)
    let failedBefore = Timestamp(microseconds: at.microseconds - policy.failedRunsAfter.wholeMicroseconds)
    return try await peopleReader.read("looking for old runs") { db in
      try Int64.fetchAll(
        db, sql: PruneSQL.wholeRuns,
        arguments: ["before": before.microseconds, "failedBefore": failedBefore.microseconds, "limit": max(0, limit)]
      ).map(RunNumber.init(raw:))
    }
  }

  private func runsWithDoneItems(
    _ policy: PrunePolicy, at: Timestamp, limit: Int
  ) async throws(StoreError) -> [RunNumber] {
    let before = Timestamp(microseconds: at.microseconds - policy.succeededItemsAfter.wholeMicroseconds)
    return try await peopleReader.read("looking for old items") { db in
      try Int64.fetchAll(
        db, sql: PruneSQL.runsWithDoneItems, arguments: ["before": before.microseconds, "limit": max(0, limit)]
      ).map(RunNumber.init(raw:))
    }
  }

  /// Removes items of a run, with their tries, while the budget lasts. Says whether none is left.
  private func removeItems(
    of run: RunNumber, _ sql: String, _ budget: inout PruneBudget
  ) async throws(StoreError) -> (removed: Int, isEmpty: Bool) {
    var removed = 0
    while budget.items > 0 {
      let limit = min(Self.piece, budget.items)
      let count = try await writer.write("removing old items", rows: limit) { context in
        try context.removeItems(of: run, sql, limit: limit)
      }
      removed += count
      budget.items -= count
      if count < limit { return (removed, true) }
    }
    return (removed, false)
  }

  /// Removes a run that has no items left; nil while the budget does not reach for its events, or when it was reopened.
  private func removeRun(_ run: RunNumber, _ budget: inout PruneBudget) async throws(StoreError) -> RunID? {
    while budget.items > 0 {
      let limit = min(Self.piece, budget.items)
      let (events, id): (Int, RunID?) = try await writer.write("removing an old run", rows: limit) { context in
        let db = context.db
        try db.execute(sql: PruneSQL.removeEvents, arguments: ["run": run.raw, "limit": limit])
        let events = db.changesCount
        if events == limit { return (events, nil) }
        guard let id = try String.fetchOne(db, sql: PruneSQL.removeRun, arguments: [run.raw]) else { return (0, nil) }
        try db.execute(sql: PruneSQL.removeArtifacts, arguments: [run.raw])
        try db.execute(sql: PruneSQL.removeDocument, arguments: [run.raw])
        return (events, RunID(id))
      }
      budget.items -= events
      if events < limit { return id }
    }
    return nil
  }

  private func removeExpiredClaims(at: Timestamp, _ budget: inout PruneBudget) async throws(StoreError) {
    var isMore = true
    while isMore && budget.items > 0 {
      let limit = min(Self.piece, budget.items)
      let removed = try await writer.write("removing expired claims", rows: limit) { context in
        try context.db.execute(
          sql: PruneSQL.removeExpiredClaims, arguments: ["at": at.microseconds, "limit": limit])
        return context.db.changesCount
      }
      budget.items -= removed
      isMore = removed == limit
    }
  }
}

/// What one call of `prune` may still remove.
private struct PruneBudget {
  var runs: Int
  var items: Int
}

extension WriteContext {
  /// Removes nothing of a run that was reopened meanwhile.
  fileprivate func removeItems(of run: RunNumber, _ sql: String, limit: Int) throws -> Int {
    guard try Bool.fetchOne(db, sql: PruneSQL.hasEnded, arguments: [run.raw]) == true else { return 0 }
    let ids = try Int64.fetchAll(
      db, sql: sql,
      arguments: ["after": ItemID(run: run, place: 0).raw, "upTo": ItemID.last(of: run).raw, "limit": limit])
    for id in ids {
      try db.cachedStatement(sql: PruneSQL.removeAttempts).execute(arguments: [id])
      try db.cachedStatement(sql: PruneSQL.removeItem).execute(arguments: [id])
    }
    return ids.count
  }
}
