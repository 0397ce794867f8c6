internal import Foundation
internal import GRDB
package import JobModel

/// What changes many items at once goes in pieces, each a transaction with its counts: the writer is held briefly, and the WAL
/// stays small. A crash between two pieces leaves the rest undone; asked again, it is done.
extension SQLiteStore {
  private static let piece = 4_096

  package func cancelItems(run: RunNumber, at: Timestamp) async throws(StoreError) -> Int {
    var cancelled = 0
    var place = 0
    while true {
      let from = place
      let (count, end) = try await writer.write("cancelling items", rows: Self.piece) { context in
        (try context.cancel(run: run, after: from, upTo: from + Self.piece), try context.nextPlace(of: run))
      }
      cancelled += count
      place += Self.piece
      if place >= end - 1 { return cancelled }
    }
  }

  package func retryItems(run: RunNumber, _ selection: RetrySelection) async throws(StoreError) -> Int {
    var retried = 0
    if let keys = selection.keys {
      for start in stride(from: 0, to: max(1, keys.count), by: Self.piece) {
        let piece = Array(keys[start..<min(start + Self.piece, keys.count)])
        retried += try await writer.write("retrying items", rows: piece.count) { context in
          let failures = try piece.compactMap {
            try Row.fetchOne(
              context.db.cachedStatement(sql: PeopleSQL.failureByKey), arguments: ["run": run.raw, "key": $0])
          }
          return try context.retry(failures, run: run, selection)
        }
      }
      return retried
    }
    var after = ItemID(run: run, place: 0)
    while true {
      let from = after
      let (count, last) = try await writer.write("retrying items", rows: Self.piece) { context in
        let failures = try Row.fetchAll(
          context.db, sql: PeopleSQL.failures,
          arguments: ["after": from.raw, "upTo": ItemID.last(of: run).raw, "limit": Self.piece])
        return (try context.retry(failures, run: run, selection), failures.last?["id"] as Int64?)
      }
      retried += count
      guard let last, count == Self.piece else { return retried }
      after = ItemID(raw: last)
    }
  }
}

extension WriteContext {
  /// Cancels the items of a span of places that have not ended. Returns how many.
  fileprivate func cancel(run: RunNumber, after: Int, upTo: Int) throws -> Int {
    let span = ["after": ItemID(run: run, place: after).raw, "upTo": ItemID(run: run, place: upTo).raw]
    if let unique = try unique(of: run) {
      try db.execute(
        sql: PeopleSQL.unclaimOpen, arguments: StatementArguments(span) + StatementArguments(["job": unique.job]))
    }
    var change = ItemCounts()
    for state in [ItemState.available, .retrying] {
      try db.cachedStatement(sql: PeopleSQL.cancel)
        .execute(arguments: StatementArguments(span) + StatementArguments(["state": state.rawValue]))
      change[state] = -db.changesCount
      change.cancelled += db.changesCount
    }
    if change.cancelled > 0 { try count(change, run: run) }
    return change.cancelled
  }

  /// Makes these failed items available as if untried, and keeps what ended them in their history.
  fileprivate func retry(_ failures: [Row], run: RunNumber, _ selection: RetrySelection) throws -> Int {
    let unique = try unique(of: run)
    var change = ItemCounts()
    for row in failures {
      let id: Int64 = row["id"]
      let key: String = row["key"]
      let payload = selection.payloads[key].map { Data($0) }
      try db.cachedStatement(sql: PeopleSQL.keepLastTry).execute(arguments: ["id": id])
      try db.cachedStatement(sql: PeopleSQL.retry).execute(arguments: ["id": id, "payload": payload])
      try db.cachedStatement(sql: ItemSQL.forgetOldTry).execute(arguments: [id])
      if let unique {
        try db.cachedStatement(sql: PeopleSQL.reclaim).execute(arguments: [
          "job": unique.job, "key": key, "id": id, "at": selection.at.microseconds,
          "expiresAt": (selection.at + unique.policy.period).microseconds,
        ])
      }
      if row["state"] == ItemState.dead.rawValue { change.dead -= 1 } else { change.poisoned -= 1 }
      change.available += 1
    }
    if change.available > 0 { try count(change, run: run) }
    return change.available
  }
}
