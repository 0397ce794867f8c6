internal import GRDB
package import JobModel

extension SQLiteStore {
  package func createRun(_ run: NewRun) async throws(StoreError) -> RunRecord {
    let path = directory.databasePath
    return try await writer.write("recording a run") { context in
      let number = try context.insertRun(run).raw
      guard let row = try Row.fetchOne(context.db, sql: RunSQL.byNumber, arguments: [number]) else {
        throw StoreError.noRun(RunNumber(raw: number))
      }
      return try RunRecord(row: row, path: path)
    }
  }

  package func run(_ number: RunNumber) async throws(StoreError) -> RunRecord? {
    let path = directory.databasePath
    return try await hotReader.read("reading a run") { db in
      try Row.fetchOne(db, sql: RunSQL.byNumber, arguments: [number.raw]).map { try RunRecord(row: $0, path: path) }
    }
  }

  package func run(reference: String) async throws(StoreError) -> RunRecord {
    let path = directory.databasePath
    return try await peopleReader.read("looking for a run") { db in
      if reference == "last" {
        guard let row = try Row.fetchOne(db, sql: RunSQL.last) else {
          throw StoreError(.notFound, "no run has been made yet")
        }
        return try RunRecord(row: row, path: path)
      }
      if let row = try Row.fetchOne(db, sql: RunSQL.byID, arguments: [reference]) {
        return try RunRecord(row: row, path: path)
      }
      guard reference.utf8.count >= 3 else {
        throw StoreError(.notFound, "there is no run \"\(reference)\": give at least 3 characters of its id, or \"last\"")
      }
      let ids = try String.fetchAll(db, sql: RunSQL.idsLike, arguments: ["part": reference])
      guard let id = ids.first else {
        throw StoreError(.notFound, "there is no run whose id begins or ends with \"\(reference)\"")
      }
      guard ids.count == 1 else {
        let named = ids.prefix(5).joined(separator: ", ") + (ids.count > 5 ? ", …" : "")
        throw StoreError(.notFound, "\"\(reference)\" fits several runs: \(named). Give more of the id.")
      }
      guard let row = try Row.fetchOne(db, sql: RunSQL.byID, arguments: [id]) else {
        throw StoreError(.notFound, "there is no run \(id)")
      }
      return try RunRecord(row: row, path: path)
    }
  }

  package func runs(_ query: RunQuery) async throws(StoreError) -> [RunRecord] {
    let path = directory.databasePath
    return try await peopleReader.read("listing runs") { db in
      let areOpen = !query.states.isEmpty && query.states.allSatisfy { !$0.isFinal }
      let sql = RunSQL.list(ofJob: query.job != nil, states: query.states.map(\.rawValue), areOpen: areOpen)
      var arguments: [String: (any DatabaseValueConvertible)?] = [
        "before": query.before?.raw ?? .max, "limit": min(max(query.limit, 1), 1_000),
      ]
      if let job = query.job { arguments["job"] = job }
      return try Row.fetchAll(db, sql: sql, arguments: StatementArguments(arguments))
        .map { try RunRecord(row: $0, path: path) }
    }
  }

  package func moveRun(_ number: RunNumber, _ move: RunMove) async throws(StoreError) -> Bool {
    guard move.from.allows(move.to) else {
      throw StoreError(.conflict, "a run never moves from \(move.from.name) to \(move.to.name)")
    }
    return try await writer.write("moving a run") { context in
      let db = context.db
      try db.execute(
        sql: RunSQL.move,
        arguments: [
          "run": number.raw, "from": move.from.rawValue, "to": move.to.rawValue, "at": move.at.microseconds,
          "isFinal": move.to.isFinal, "reopens": move.from.isFinal, "error": move.error,
          "marksDiscovered": move.marksDiscovered,
        ])
      guard db.changesCount == 1 else {
        _ = try context.nextPlace(of: number)
        return false
      }
      if let report = move.report {
        try db.execute(sql: RunSQL.setReport, arguments: ["run": number.raw, "report": report])
      }
      return true
    }
  }
}

extension WriteContext {
  /// Records a run as `queued`. Throws `conflict` when its id is taken.
  func insertRun(_ run: NewRun) throws -> RunNumber {
    let definition = try run.definitionJSON ?? JSONColumn.encode(run.job)
    let onlyKeys = try run.onlyKeys.map { try JSONColumn.encode($0) }
    guard try db.cachedStatement(sql: RunSQL.isTaken).isTaken(run.id) == false else {
      throw StoreError(.conflict, "there is a run \(run.id) already; nothing was recorded")
    }
    try db.cachedStatement(sql: RunSQL.insert).execute(
      arguments: [
        "id": run.id.text, "job": run.job.name, "trigger": run.trigger.rawValue, "isPlan": run.isPlan,
        "createdAt": run.createdAt.microseconds, "notBefore": run.notBefore?.microseconds, "dueAt": run.dueAt?.microseconds,
      ])
    let number = db.lastInsertedRowID
    try db.cachedStatement(sql: RunSQL.insertDocument).execute(
      arguments: ["run": number, "definition": definition, "event": run.event, "onlyKeys": onlyKeys])
    return RunNumber(raw: number)
  }
}

extension Statement {
  fileprivate func isTaken(_ id: RunID) throws -> Bool { try Int.fetchOne(self, arguments: [id.text]) != nil }
}
