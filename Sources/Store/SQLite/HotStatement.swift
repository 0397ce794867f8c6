internal import GRDBSQLite

/// A prepared statement used through SQLite's C interface: bound by number, from memory that outlives the step.
/// To be used on the connection's thread only, and finalized before the connection is closed.
final class HotStatement {
  private let handle: OpaquePointer
  private let connection: OpaquePointer
  private let errors: SQLiteErrors
  private let action: String

  init(_ sql: String, on connection: OpaquePointer, errors: SQLiteErrors, doing action: String) throws(StoreError) {
    var handle: OpaquePointer?
    let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
    guard code == SQLITE_OK, let handle else { throw errors.storeError(on: connection, doing: action) }
    self.handle = handle
    self.connection = connection
    self.errors = errors
    self.action = action
  }

  func finalize() { sqlite3_finalize(handle) }

  @inline(__always)
  func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(handle, index, value) }

  @inline(__always)
  func bindNull(_ index: Int32) { sqlite3_bind_null(handle, index) }

  /// `bytes` must stay valid until the statement is reset: SQLite takes no copy.
  @inline(__always)
  func bindText(_ index: Int32, _ bytes: UnsafeRawBufferPointer) {
    sqlite3_bind_text(handle, index, Self.start(of: bytes), Int32(bytes.count), nil)
  }

  /// As `bindText`. Empty bytes are an empty blob, not NULL.
  @inline(__always)
  func bindBlob(_ index: Int32, _ bytes: UnsafeRawBufferPointer) {
    sqlite3_bind_blob(handle, index, Self.start(of: bytes), Int32(bytes.count), nil)
  }

  /// Runs a statement that returns no rows, and makes it ready for the next binding. Returns how many rows it changed.
  @inline(__always)
  func run() throws(StoreError) -> Int {
    let code = sqlite3_step(handle)
    guard code == SQLITE_DONE else { throw failure() }
    let changes = sqlite3_changes(connection)
    sqlite3_reset(handle)
    return Int(changes)
  }

  /// Whether there is another row. At the end, and when it throws, the statement is ready for the next binding.
  @inline(__always)
  func step() throws(StoreError) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    guard code == SQLITE_DONE else { throw failure() }
    sqlite3_reset(handle)
    return false
  }

  /// Leaves rows unread.
  func reset() { sqlite3_reset(handle) }

  @inline(__always)
  func int(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  /// The column's bytes, valid until the next step.
  @inline(__always)
  func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
    let start = sqlite3_column_blob(handle, column)
    return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
  }

  private func failure() -> StoreError {
    let failure = errors.storeError(on: connection, doing: action)
    sqlite3_reset(handle)
    return failure
  }

  /// Never null, which SQLite would take for NULL: an empty array may have no address, and nothing is read from this one.
  @inline(__always)
  private static func start(of bytes: UnsafeRawBufferPointer) -> UnsafePointer<CChar>? {
    (bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1))?.assumingMemoryBound(to: CChar.self)
  }
}
