internal import Foundation
internal import GRDB
package import JobModel

extension SQLiteStore {
  package func items(_ query: ItemQuery) async throws(StoreError) -> [ItemRecord] {
    let path = directory.databasePath
    return try await peopleReader.read("listing items") { db in
      let first = query.run.map { ItemID(run: $0, place: 0) } ?? ItemID(raw: 0)
      let last = query.run.map(ItemID.last(of:)) ?? ItemID(raw: .max)
      let areFailures = !query.states.isEmpty && query.states.allSatisfy(\.isFailure)
      return try Row.fetchAll(
        db, sql: PeopleSQL.items(states: query.states.map(\.rawValue), areFailures: areFailures),
        arguments: [
          "after": max(first, query.after ?? first).raw, "upTo": last.raw, "limit": min(max(query.limit, 1), 10_000),
        ]
      ).map { try ItemRecord(row: $0, path: path) }
    }
  }

  package func item(run: RunNumber, key: String) async throws(StoreError) -> ItemDetail? {
    let path = directory.databasePath
    return try await peopleReader.read("reading an item") { db in
      guard let row = try Row.fetchOne(db, sql: PeopleSQL.itemByKey, arguments: ["run": run.raw, "key": key]) else {
        return nil
      }
      let item = try ItemRecord(row: row, path: path)
      let attempts = try Row.fetchAll(db, sql: PeopleSQL.attempts, arguments: [item.id.raw])
      return ItemDetail(item: item, attempts: try attempts.map { try AttemptRecord(row: $0, path: path) })
    }
  }
}

extension ItemRecord {
  init(row: Row, path: String) throws {
    let id: Int64 = row["id"]
    guard let state = ItemState(rawValue: row["state"]) else {
      throw StoreError(.damaged, "item \(id) in \(path) has a state that this Carillon does not know")
    }
    self.init(
      id: ItemID(raw: id), key: row["key"], payload: [UInt8](row["payload"] as Data), state: state,
      priority: row["priority"], attempts: row["attempts"], deaths: row["deaths"],
      dueAt: (row["due_us"] as Int64?).map(Timestamp.init(microseconds:)),
      startedAt: (row["started_us"] as Int64?).map(Timestamp.init(microseconds:)),
      duration: (row["duration_us"] as Int64?).map { .microseconds($0) }, workerPID: row["pid"], reason: row["reason"],
      output: row["output"], effect: row["effect"])
  }
}

extension AttemptRecord {
  init(row: Row, path: String) throws {
    guard let cause = RetryCause(rawValue: row["cause"]) else {
      throw StoreError(.damaged, "a try in \(path) has a cause that this Carillon does not know")
    }
    self.init(
      ordinal: row["ordinal"], attempt: row["attempt"], cause: cause,
      startedAt: Timestamp(microseconds: row["started_us"]), duration: .microseconds(row["duration_us"] as Int64),
      workerPID: row["pid"], reason: row["reason"])
  }
}
