internal import GRDB
internal import GRDBSQLite
internal import JobModel

/// A read-only connection on a thread of its own.
final class Reader: Sendable {
  private let connection: ReaderConnection
  private let thread: WorkThread<@Sendable (ReaderConnection) -> Void>
  private let ended = Ending()

  init(path: String, version: Int, label: String, errors: SQLiteErrors) throws(StoreError) {
    let connection = try ReaderConnection(path: path, version: version, label: label, errors: errors)
    self.connection = connection
    let ended = ended
    thread = WorkThread(
      name: label, take: { _ in 1 }, process: { jobs in for job in jobs { job(connection) } },
      finish: { ended.signal(connection.close()) })
  }

  deinit { thread.stop() }

  /// Runs `body` in a read transaction: what it sees is of one moment.
  func read<Value: Sendable>(
    _ action: String, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    try await perform { connection throws(StoreError) in try connection.read(action, body) }
  }

  /// Available items, by the prepared statements.
  func ready(_ query: ReadyQuery) async throws(StoreError) -> ReadyItems {
    try await perform { connection throws(StoreError) in try connection.ready(query) }
  }

  private func perform<Value: Sendable>(
    _ body: @escaping @Sendable (ReaderConnection) throws(StoreError) -> Value
  ) async throws(StoreError) -> Value {
    let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      let isTaken = thread.submit { connection in
        let result: Result<Value, StoreError>
        do throws(StoreError) {
          result = .success(try body(connection))
        } catch {
          result = .failure(error)
        }
        continuation.resume(returning: result)
      }
      if !isTaken { continuation.resume(returning: .failure(StoreError(.unavailable, "the store is closed"))) }
    }
    return try result.get()
  }

  func close() async throws(StoreError) {
    guard thread.stop() else { return }
    if let failure = await ended.wait() { throw failure }
  }
}

/// The reader's connection with its prepared statements.
///
/// `@unchecked Sendable`: made on one thread, then handed to the reader's thread, which alone uses it.
final class ReaderConnection: @unchecked Sendable {
  private let queue: DatabaseQueue
  private let hot: HotReads
  private let errors: SQLiteErrors

  init(path: String, version: Int, label: String, errors: SQLiteErrors) throws(StoreError) {
    self.errors = errors
    do {
      queue = try Connections.reader(path: path, label: label)
      hot = try queue.inDatabase { db in
        if try Migration.check(db, path: path, newest: version) {
          throw StoreError(.notFound, "no run has been made yet: \(path) is empty")
        }
        try Migration.require(version, of: db, path: path)
        guard let connection = db.sqliteConnection else { throw StoreError(.io, "\(path) is not open") }
        return try HotReads(connection, errors: errors)
      }
    } catch {
      throw errors.storeError(error, doing: "opening the store")
    }
  }

  func read<Value>(_ action: String, _ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      return try queue.read(body)
    } catch {
      throw errors.storeError(error, doing: action)
    }
  }

  func ready(_ query: ReadyQuery) throws(StoreError) -> ReadyItems {
    do {
      return try queue.unsafeRead { _ in try hot.ready(query) }
    } catch {
      throw errors.storeError(error, doing: "reading ready items")
    }
  }

  /// Ends what runs on the connection, from any thread.
  func interrupt() { queue.interrupt() }

  func close() -> StoreError? {
    queue.inDatabase { _ in hot.finalize() }
    do {
      try queue.close()
      return nil
    } catch {
      return errors.storeError(error, doing: "closing the store")
    }
  }
}
