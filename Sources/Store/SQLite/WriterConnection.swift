internal import GRDB
internal import GRDBSQLite
internal import JobModel

/// The writer's connection with its prepared statements.
///
/// `@unchecked Sendable`: made on one thread, then handed to the writer's thread, which alone uses it.
final class WriterConnection: @unchecked Sendable {
  private let queue: DatabaseQueue
  private let hot: HotStatements
  private let log: WriteAheadLog
  private let backups = OpenBackups()
  private let errors: SQLiteErrors
  private let meter: Meter

  init(directory: StateDirectory, steps: [String], errors: SQLiteErrors, meter: Meter) throws(StoreError) {
    self.errors = errors
    self.meter = meter
    do {
      let path = directory.databasePath
      queue = try Connections.writer(path: path)
      (hot, log) = try queue.inDatabase { db in
        try Migration.check(db, path: path, newest: steps.count)
        try Connections.prepareWriter(db)
        try Migration.migrate(db, steps: steps)
        guard let connection = db.sqliteConnection else { throw StoreError(.io, "\(path) is not open") }
        return (
          try HotStatements(connection, errors: errors), WriteAheadLog(connection, errors: errors)
        )
      }
    } catch {
      throw errors.storeError(error, doing: "opening the store")
    }
  }

  /// Runs the requests in one transaction. One that fails of itself is told so and left out, and the others begin again; a
  /// failure of the file fails them all.
  func commit(_ requests: [WriteRequest]) {
    var requests = requests
    queue.inDatabase { db in
      if let request = requests.first, request.isAlone { return runAlone(request, db) }
      while !requests.isEmpty {
        let start = ContinuousClock.now
        let rows = db.totalChangesCount
        guard let (index, failure) = transact(requests, db) else {
          meter.countCommit(rows: db.totalChangesCount - rows, took: .now - start)
          for request in requests { request.resume(nil) }
          break
        }
        if let index {
          requests.remove(at: index).resume(failure)
        } else {
          for request in requests { request.resume(failure) }
          break
        }
      }
      log.checkpointIfDue()
      meter.note(log)
    }
  }

  /// nil when all is durable. Otherwise nothing is, because of the request at the index, or because of the file.
  private func transact(_ requests: [WriteRequest], _ db: Database) -> (Int?, StoreError)? {
    var current: Int?
    do {
      if db.isInsideTransaction { try db.execute(sql: "ROLLBACK") }
      try db.execute(sql: "BEGIN IMMEDIATE")
      for (index, request) in requests.enumerated() {
        current = index
        try request.run(WriteContext(db: db, hot: hot, backups: backups))
      }
      current = nil
      try db.execute(sql: "COMMIT")
      return nil
    } catch {
      let action = current.map { requests[$0].action } ?? "writing"
      let failure = errors.storeError(error, on: db.sqliteConnection, doing: action)
      do {
        if db.isInsideTransaction { try db.execute(sql: "ROLLBACK") }
      } catch {
        return (nil, errors.storeError(error, doing: "rolling back"))
      }
      return (Self.isOfTheFile(failure) ? nil : current, failure)
    }
  }

  private func runAlone(_ request: WriteRequest, _ db: Database) {
    do {
      try request.run(WriteContext(db: db, hot: hot, backups: backups))
      request.resume(nil)
    } catch {
      request.resume(errors.storeError(error, doing: request.action))
    }
  }

  private static func isOfTheFile(_ failure: StoreError) -> Bool {
    switch failure.code {
    case .full, .io, .damaged, .unavailable, .locked, .tooNew: true
    case .notFound, .conflict: false
    }
  }

  /// Empties the WAL and closes. To be called last, when the readers are closed.
  func close() -> StoreError? {
    queue.inDatabase { _ in
      backups.abandonAll()
      log.truncate()
      meter.note(log)
      hot.finalize()
      log.detach()
    }
    do {
      try queue.close()
      return nil
    } catch {
      return errors.storeError(error, doing: "closing the store")
    }
  }
}
