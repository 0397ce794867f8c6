internal import Foundation
internal import GRDB
package import JobModel

extension SQLiteStore {
  package func insert(
    _ items: NewItems, into run: RunNumber, options: InsertOptions
  ) async throws(StoreError) -> InsertReceipt {
    try await writer.write("adding items", rows: items.entries.count, bytes: items.bytes.count) { context in
      let first = try context.nextPlace(of: run)
      let result = try context.hot.insert(items, into: run, nextPlace: first, unique: options.unique, at: options.at)
      for duplicate in result.duplicates {
        let id = try String.fetchOne(
          context.db.cachedStatement(sql: RunSQL.idOfRun), arguments: [duplicate.claimant.run.raw])
        try context.hot.skip(duplicate.item, reason: "duplicate of run \(id ?? "that was pruned")")
      }
      if result.inserted > 0 || options.checkpoint != nil {
        try context.db.cachedStatement(sql: RunSQL.advance).execute(arguments: [
          "run": run.raw, "nextPlace": result.nextPlace, "checkpoint": options.checkpoint.map { Data($0) },
        ])
      }
      var change = ItemCounts()
      change.skipped = result.duplicates.count
      change.available = result.inserted - result.duplicates.count
      change.duplicateKeys = items.entries.count - result.inserted
      try context.count(change, run: run)
      return InsertReceipt(
        inserted: result.inserted, duplicateKeys: change.duplicateKeys, skipped: change.skipped,
        firstID: result.inserted > 0 ? ItemID(run: run, place: first) : nil, hasPriorities: result.hasPriorities)
    }
  }

  package func ready(_ query: ReadyQuery) async throws(StoreError) -> ReadyItems {
    try await hotReader.ready(query)
  }

  package func promoteDue(run: RunNumber, at: Timestamp, limit: Int) async throws(StoreError) -> ReadyItems {
    try await writer.write("making due items available", rows: limit) { context in
      let items = try context.hot.due(run: run, at: at, limit: limit)
      for entry in items.entries { try context.hot.makeAvailable(entry.id) }
      var change = ItemCounts()
      change.retrying = -items.entries.count
      change.available = items.entries.count
      if change.available > 0 { try context.count(change, run: run) }
      return items
    }
  }

  package func nextDue(run: RunNumber) async throws(StoreError) -> Timestamp? {
    try await hotReader.read("looking for the next due item") { db in
      try Int64.fetchOne(db.cachedStatement(sql: PeopleSQL.nextDue), arguments: [run.raw])
        .map(Timestamp.init(microseconds:))
    }
  }

  package func record(_ outcomes: RecordedOutcomes) async throws(StoreError) -> RecordReceipt {
    for entry in outcomes.entries {
      guard entry.item.run == outcomes.run else {
        throw StoreError(.conflict, "item \(entry.item.raw) is not one of run number \(outcomes.run.raw)")
      }
      guard ItemState.leased.allows(entry.state) else {
        throw StoreError(.conflict, "an outcome never moves an item from leased to \(entry.state.name)")
      }
    }
    return try await writer.write("recording outcomes", rows: outcomes.entries.count, bytes: outcomes.bytes.count) {
      context in
      let result = try context.hot.record(outcomes)
      var change = result.counts
      change.available -= result.recorded
      change.staleOutcomes = result.stale.count
      try context.count(change, run: outcomes.run)
      return RecordReceipt(recorded: result.recorded, stale: result.stale)
    }
  }

  package func countItems(run: RunNumber) async throws(StoreError) -> ItemCounts {
    try await peopleReader.read("counting items") { db in
      var counts = ItemCounts()
      let rows = try Row.fetchAll(
        db, sql: PeopleSQL.countByState,
        arguments: ["after": ItemID(run: run, place: 0).raw, "upTo": ItemID.last(of: run).raw])
      for row in rows {
        if let state = ItemState(rawValue: row["state"]) { counts[state] = row["items"] }
      }
      return counts
    }
  }
}
