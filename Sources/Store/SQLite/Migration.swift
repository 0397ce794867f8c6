internal import GRDB

/// Brings a file to the present schema.
enum Migration {
  /// Throws `damaged` for a file that is not a Carillon store, `tooNew` for one of a newer Carillon. True when the file is
  /// empty. Changes nothing.
  @discardableResult
  static func check(_ db: Database, path: String, newest: Int) throws -> Bool {
    let id = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let version = try self.version(db)
    let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0
    if id == 0 && version == 0 && isEmpty { return true }
    guard id == Schema.applicationID else {
      throw StoreError(
        .damaged, "\(path) is not a Carillon store but another program's database. Name another state directory.")
    }
    guard version <= newest else {
      throw StoreError(
        .tooNew,
        "\(path) has version \(version); this Carillon knows versions up to \(newest). Install the newer Carillon again.")
    }
    return false
  }

  /// Throws `unavailable` for a file of an older Carillon, which a reader cannot bring up to date.
  static func require(_ newest: Int, of db: Database, path: String) throws {
    let version = try self.version(db)
    guard version == newest else {
      throw StoreError(
        .unavailable,
        "\(path) has version \(version), this Carillon reads version \(newest). "
          + "Start its daemon once: that brings the file up to date."
      )
    }
  }

  /// Runs the steps that the file has not seen, each in a transaction with its version.
  static func migrate(_ db: Database, steps: [String]) throws {
    for (index, step) in steps.enumerated() where try index >= version(db) {
      try db.inTransaction(.immediate) {
        try db.execute(sql: step)
        try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID); PRAGMA user_version = \(index + 1)")
        return .commit
      }
    }
  }

  static func version(_ db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
  }
}
