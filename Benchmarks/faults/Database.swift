import GRDBSQLite

/// A SQLite file read by hand. The judge shares no code with the store that it judges.
final class Database {
  private var connection: OpaquePointer?

  /// - Parameter isCopy: nobody else has the file, so that its log may be worked in.
  init(_ path: String, isCopy: Bool) throws {
    let flags = isCopy ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY
    guard sqlite3_open_v2(path, &connection, flags, nil) == SQLITE_OK else {
      let message = String(cString: sqlite3_errmsg(connection))
      sqlite3_close(connection)
      throw CampaignError("\(path): \(message)")
    }
    sqlite3_busy_timeout(connection, 1_000)
  }

  deinit { sqlite3_close(connection) }

  /// Every row of a query, as text; SQL's NULL is empty.
  func rows(_ sql: String) throws -> [[String]] {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK else { throw failure() }
    defer { sqlite3_finalize(statement) }
    var rows: [[String]] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW:
        rows.append(
          (0..<sqlite3_column_count(statement)).map { column in
            sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
          })
      case SQLITE_DONE: return rows
      default: throw failure()
      }
    }
  }

  private func failure() -> CampaignError { CampaignError(String(cString: sqlite3_errmsg(connection))) }
}
