import GRDB
import GRDBSQLite

/// A prepared statement of the mail log, bound by name through SQLite's C interface: GRDB's way makes a dictionary of boxed values for
/// each row. GRDB owns it, and keeps it for the next time. On the connection's thread only.
final class LogStatement {
  private let statement: Statement
  private let handle: OpaquePointer
  private let connection: OpaquePointer

  /// The texts of the next run: SQLite would copy each.
  private var octets: [UInt8] = []
  private var texts: [(parameter: Int32, range: Range<Int>)] = []

  /// Throws what SQLite says.
  init(_ sql: String, on database: Database) throws {
    statement = try database.makeStatement(sql: sql)
    handle = statement.sqliteStatement
    guard let connection = database.sqliteConnection else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
    self.connection = connection
  }

  /// `name` with its colon; for the next run only.
  func bind(_ name: StaticString, _ text: String?) {
    guard let text else { return }  // what is not bound is NULL
    let start = octets.count
    octets += text.utf8
    texts.append((index(name), start..<octets.count))
  }

  func bind(_ name: StaticString, _ number: Int64) { sqlite3_bind_int64(handle, index(name), number) }

  private func index(_ name: StaticString) -> Int32 {
    sqlite3_bind_parameter_index(handle, UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self))
  }

  /// Runs a statement that returns no rows. How many rows it changed. Throws what SQLite says.
  func run() throws -> Int {
    try stepping { _ in Int(sqlite3_changes(connection)) }
  }

  /// Runs a statement, and hands over its first row, if there is one. Throws what SQLite says.
  func first<Result>(_ read: (LogStatement) -> Result) throws -> Result? {
    try stepping { $0 ? read(self) : nil }
  }

  /// One step, while the texts stay where they are.
  private func stepping<Result>(_ body: (_ isRow: Bool) -> Result) throws -> Result {
    defer {
      octets.removeAll(keepingCapacity: true)
      texts.removeAll(keepingCapacity: true)
    }
    return try octets.withUnsafeBufferPointer { octets in
      // An empty text has no address of its own, and is no NULL.
      let base = UnsafeRawPointer(octets.baseAddress ?? UnsafePointer(StaticString("").utf8Start))
      for (parameter, range) in texts {
        let start = (base + range.lowerBound).assumingMemoryBound(to: CChar.self)
        sqlite3_bind_text(handle, parameter, start, Int32(range.count), nil)
      }
      defer {
        // As long as it is not reset, it holds what it has read against checkpoints.
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
      }
      let code = sqlite3_step(handle)
      guard code == SQLITE_DONE || code == SQLITE_ROW else {
        throw DatabaseError(resultCode: ResultCode(rawValue: code), message: String(cString: sqlite3_errmsg(connection)))
      }
      return body(code == SQLITE_ROW)
    }
  }

  func text(_ column: Int32) -> String? {
    guard let start = sqlite3_column_text(handle, column) else { return nil }
    return String(decoding: UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))), as: UTF8.self)
  }

  /// 0 for NULL.
  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
}
