internal import GRDB
internal import GRDBSQLite

/// The size of the WAL as the writer sees it, and when the writer folds it back into the file. A checkpoint that has caught
/// up lets the next commit begin the WAL anew, so its size stays near `checkpointPages`; readers that are always in the
/// middle of something can prevent that, and from `resetPages` on the writer waits for them, briefly.
final class WriteAheadLog {
  static let frameBytes = 4_096 + 24
  static let checkpointPages = 4_000
  static let resetPages = 10_000

  private(set) var peakPages = 0
  private(set) var checkpoints = 0
  /// Why the last checkpoint failed; the commits before it stand all the same. nil when it did not.
  private(set) var lastFailure: StoreError?

  private let connection: OpaquePointer
  private let errors: SQLiteErrors
  /// Written by SQLite's hook inside COMMIT, on the writer's thread, which is also the only one that reads it.
  private let pages: UnsafeMutablePointer<Int32>
  private var nextAttempt = WriteAheadLog.checkpointPages

  init(_ connection: OpaquePointer, errors: SQLiteErrors) {
    self.connection = connection
    self.errors = errors
    pages = .allocate(capacity: 1)
    pages.initialize(to: 0)
    sqlite3_wal_hook(
      connection,
      { context, _, _, pages in
        context?.assumingMemoryBound(to: Int32.self).pointee = pages
        return SQLITE_OK
      }, pages)
  }

  /// Removes the hook; to be called before the connection is closed.
  func detach() {
    sqlite3_wal_hook(connection, nil, nil)
    pages.deallocate()
  }

  /// To be called after each commit, outside a transaction.
  func checkpointIfDue() {
    let count = Int(pages.pointee)
    peakPages = max(peakPages, count)
    if count < Self.checkpointPages { nextAttempt = Self.checkpointPages }
    guard count >= nextAttempt else { return }
    checkpoint(count >= Self.resetPages ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE)
    nextAttempt = count + Self.checkpointPages / 2
  }

  /// Folds everything back and empties the WAL, if no reader is in the way.
  func truncate() { checkpoint(SQLITE_CHECKPOINT_TRUNCATE) }

  private func checkpoint(_ mode: Int32) {
    sqlite3_busy_timeout(connection, 50)
    defer { sqlite3_busy_timeout(connection, 5_000) }
    let code = sqlite3_wal_checkpoint_v2(connection, nil, mode, nil, nil)
    checkpoints += 1
    let isBusy = code & 0xff == SQLITE_BUSY  // a reader: tried again after the next commits
    lastFailure = code == SQLITE_OK || isBusy ? nil : errors.storeError(on: connection, doing: "checkpoint")
    if code == SQLITE_OK && mode == SQLITE_CHECKPOINT_TRUNCATE { pages.pointee = 0 }
  }
}
