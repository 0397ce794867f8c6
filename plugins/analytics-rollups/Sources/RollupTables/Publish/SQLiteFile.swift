import GRDBSQLite

/// SQLite's C interface (sqlite.org/c3ref), wrapped: a file with statements, no pointers out.
final class SQLiteFile {
  private let handle: OpaquePointer
  private let path: String

  /// Opens a file for writing, or an existing one for reading. Throws `system`.
  init(_ path: String, isReadOnly: Bool = false) throws(RollupsError) {
    var handle: OpaquePointer?
    let flags = isReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    let code = sqlite3_open_v2(path, &handle, flags | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let handle else {
      let words = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "no memory"
      sqlite3_close_v2(handle)
      throw RollupsError(.system, "cannot open \(path): \(words)")
    }
    self.handle = handle
    self.path = path
  }

  deinit { sqlite3_close_v2(handle) }

  func run(_ sql: String) throws(RollupsError) {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure }
  }

  func prepare(_ sql: String) throws(RollupsError) -> Statement {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil) == SQLITE_OK, let statement
    else { throw failure }
    return Statement(self, statement)
  }

  fileprivate var failure: RollupsError {
    RollupsError(.system, "SQLite, \(path): \(String(cString: sqlite3_errmsg(handle)))")
  }

  /// A statement with its values, bound by number from 1.
  final class Statement {
    private let file: SQLiteFile
    private let statement: OpaquePointer
    /// SQLite copies the text.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    fileprivate init(_ file: SQLiteFile, _ statement: OpaquePointer) {
      self.file = file
      self.statement = statement
    }

    deinit { sqlite3_finalize(statement) }

    @inline(__always)
    func bind(_ index: Int32, _ value: Int64) { sqlite3_bind_int64(statement, index, value) }

    /// Text that stays where it is until the next `step`.
    @inline(__always)
    func bind(_ index: Int32, staying text: UnsafeBufferPointer<UInt8>) {
      sqlite3_bind_text(
        statement, index, UnsafeRawPointer(text.baseAddress)?.assumingMemoryBound(to: CChar.self), Int32(text.count), nil)
    }

    func bind(_ index: Int32, _ text: String) {
      var text = text
      text.withUTF8 { bytes in
        _ = sqlite3_bind_text(
          statement, index, UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self), Int32(bytes.count),
          Self.transient)
      }
    }

    /// Does a statement without rows. Throws `system`.
    @inline(__always)
    func step() throws(RollupsError) {
      let code = sqlite3_step(statement)
      sqlite3_reset(statement)
      guard code == SQLITE_DONE else { throw file.failure }
    }

    /// Goes to the next row; false behind the last. Throws `system`.
    func nextRow() throws(RollupsError) -> Bool {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: return true
      case SQLITE_DONE: return false
      default: throw file.failure
      }
    }

    func text(_ column: Int32) -> String { sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "" }

    func number(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }
  }
}
