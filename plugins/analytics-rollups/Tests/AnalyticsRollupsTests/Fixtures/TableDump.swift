@testable import RollupTables

/// All rows of the tables as text: two files hold the same when their dumps are equal.
enum TableDump {
  static let tables = ["user_hour", "user_day", "hourly", "daily", "weekly", "live", "funnel", "alert", "meta"]

  static func rows(_ path: String, _ tables: [String] = tables) throws -> [String: [String]] {
    let file = try SQLiteFile(path, isReadOnly: true)
    var all: [String: [String]] = [:]
    for table in tables {
      let columns = try file.prepare(
        "SELECT group_concat('quote(' || name || ')', '||'',''||') FROM pragma_table_xinfo('\(table)')")
      _ = try columns.nextRow()
      let statement = try file.prepare("SELECT \(columns.text(0)) FROM \(table)")
      var rows: [String] = []
      while try statement.nextRow() { rows.append(statement.text(0)) }
      all[table] = rows
    }
    return all
  }

  /// The rows of a query, columns apart by `|`.
  static func query(_ path: String, _ sql: String, columns: Int32) throws -> [String] {
    let statement = try SQLiteFile(path, isReadOnly: true).prepare(sql)
    var rows: [String] = []
    while try statement.nextRow() { rows.append((0..<columns).map { statement.text($0) }.joined(separator: "|")) }
    return rows
  }
}
