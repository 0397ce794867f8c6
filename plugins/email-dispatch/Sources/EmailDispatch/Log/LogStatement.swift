import GRDB
import GRDBSQLite

/// A prepared statement of the mail log, bound by name through SQLite's C interface: GRDB's way makes a dictionary of boxed values for
/// each row. GRDB owns it, and keeps it for the next time. On the connection's thread only.
struct LogStatement {
  private let statement: Statement
  private let handle: OpaquePointer
  private let connection: OpaquePointer

  /// Throws what SQLite says.
  init(_ sql: String, on database: Database) throws {
    statement = try database.cachedStatement(sql: sql)
    handle = statement.sqliteStatement
    guard let connection = database.sqliteConnection else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
    self.connection = connection
  }

  /// `name` with its colon. SQLite takes a copy.
  func bind(_ name: StaticString, _ text: String?) {
    guard var text else {
      sqlite3_bind_null(handle, index(name))
      return
    }
    // SQLITE_TRANSIENT, a cast that Swift does not import.
    let isCopied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    text.withUTF8 { bytes in
      let start = UnsafeRawPointer(bytes.baseAddress ?? UnsafePointer(name.utf8Start)).assumingMemoryBound(to: CChar.self)
      sqlite3_bind_text(handle, index(name), start, Int32(bytes.count), isCopied)
    }
  }

  func bind(_ name: StaticString, _ number: Int64) { sqlite3_bind_int64(handle, index(name), number) }

  private func index(_ name: StaticString) -> Int32 {
    sqlite3_bind_parameter_index(handle, UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self))
  }

  /// Runs a statement that returns no rows. How many rows it changed. Throws what SQLite says.
  func run() throws -> Int {
    defer { sqlite3_reset(handle) }
    _ = try step()
    return Int(sqlite3_changes(connection))
  }

  /// Runs a statement, and hands over its first row, if there is one. Throws what SQLite says.
  func first<Result>(_ read: (LogStatement) -> Result) throws -> Result? {
    // As long as it is not reset, it holds what it has read against checkpoints.
    defer { sqlite3_reset(handle) }
    return try step() ? read(self) : nil
  }

  func text(_ column: Int32) -> String? {
    guard let start = sqlite3_column_text(handle, column) else { return nil }
    return String(decoding: UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))), as: UTF8.self)
  }

  /// 0 for NULL.
  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  private func step() throws -> Bool {
    let code = sqlite3_step(handle)
    guard code == SQLITE_DONE || code == SQLITE_ROW else {
      throw DatabaseError(resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(connection)))
    }
    return code == SQLITE_ROW
  }
}
