internal import GRDB

/// What one write runs against: the writer's connection, inside a transaction.
struct WriteContext {
  let db: Database
  let hot: HotStatements
  let backups: OpenBackups
}

/// A write that waits for its transaction.
struct WriteRequest: Sendable {
  /// What is being done, for messages.
  let action: String
  /// How many rows and bytes it writes, about: bounds what goes into one transaction.
  let rows: Int
  let bytes: Int
  /// Runs by itself and outside a transaction: a step of a backup.
  let isAlone: Bool
  /// Does the work and keeps its result; run again after a rollback that another request caused.
  let run: @Sendable (WriteContext) throws -> Void
  /// Told when the result is durable, or why there is none.
  let resume: @Sendable (StoreError?) -> Void
}

/// The one connection that writes and checkpoints, on a thread of its own. Group commit by natural batching: what has gathered
/// while a transaction was being made durable goes into the next one.
final class Writer: Sendable {
  /// Bounds of one transaction: how long others wait for it, and how far it makes the WAL grow.
  private static let maxRequests = 64
  private static let maxRows = 8_192
  private static let maxBytes = 16 << 20

  private let connection: WriterConnection
  private let thread: WorkThread<WriteRequest>
  private let ended = Ending()

  init(directory: StateDirectory, steps: [String], errors: SQLiteErrors, meter: Meter) throws(StoreError) {
    let connection = try WriterConnection(directory: directory, steps: steps, errors: errors, meter: meter)
    self.connection = connection
    let ended = ended
    thread = WorkThread(
      name: "carillon.writer", take: Self.take, process: { connection.commit($0) },
      finish: { ended.signal(connection.close()) })
  }

  deinit { thread.stop() }

  /// Runs `body` in a transaction that it shares with others, and returns when that is durable.
  func write<Value: Sendable>(
    _ action: String, rows: Int = 1, bytes: Int = 0, isAlone: Bool = false,
    _ body: @escaping @Sendable (WriteContext) throws -> Value
  ) async throws(StoreError) -> Value {
    let box = ResultBox<Value>()
    let failure: StoreError? = await withCheckedContinuation { continuation in
      let request = WriteRequest(
        action: action, rows: rows, bytes: bytes, isAlone: isAlone, run: { box.set(try body($0)) },
        resume: { continuation.resume(returning: $0) })
      if !thread.submit(request) { continuation.resume(returning: StoreError(.unavailable, "the store is closed")) }
    }
    if let failure { throw failure }
    return box.take()
  }

  /// Calls `done` when the writer has come to it: nothing is written.
  func poke(_ done: @escaping @Sendable (StoreError?) -> Void) {
    let request = WriteRequest(
      action: "showing a sign of life", rows: 0, bytes: 0, isAlone: true, run: { _ in }, resume: done)
    if !thread.submit(request) { done(StoreError(.unavailable, "the store is closed")) }
  }

  /// Ends what waits, empties the WAL and closes the connection. Calls after the first change nothing.
  func close() async throws(StoreError) {
    guard thread.stop() else { return }
    if let failure = await ended.wait() { throw failure }
  }

  private static func take(_ waiting: [WriteRequest]) -> Int {
    var rows = 0
    var bytes = 0
    for (index, request) in waiting.enumerated() {
      rows += request.rows
      bytes += request.bytes
      if request.isAlone { return max(1, index) }
      if index == maxRequests || (index > 0 && (rows > maxRows || bytes > maxBytes)) { return index }
    }
    return waiting.count
  }
}
