internal import GRDB

/// How the store's connections are set up. There is one writer, and it alone checkpoints; readers are read-only and leave the
/// WAL alone. SQLite 3.7.0–3.51.2 can lose a commit when one connection resets the WAL while another checkpoints it
/// (https://www.sqlite.org/wal.html#walresetbug); with a single checkpointer that writes itself there is no such pair.
enum Connections {
  static func writer(path: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "carillon.writer"
    configuration.foreignKeysEnabled = false  // no foreign keys: rows of a run are removed by id range
    configuration.busyMode = .timeout(5)
    // A transaction that a failing disk keeps from being rolled back is the next one's to end, not a reason to abort.
    configuration.allowsUnsafeTransactions = true
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  /// What the writer needs once the file is known to be ours. GRDB's own WAL set-up would choose synchronous=NORMAL, which
  /// may forget acknowledged commits at a power failure.
  static func prepareWriter(_ db: Database) throws {
    let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
    guard mode == "wal" else { throw DatabaseError(message: "journal mode is \(mode ?? "unknown"), not wal") }
    try db.execute(
      sql: """
        PRAGMA synchronous = FULL;
        PRAGMA mmap_size = 0;
        PRAGMA cache_size = -65536;
        PRAGMA wal_autocheckpoint = 0;
        """)
  }

  static func reader(path: String, label: String) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.label = label
    configuration.foreignKeysEnabled = false
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { db in
      try db.execute(
        sql: """
          PRAGMA query_only = 1;
          PRAGMA mmap_size = 0;
          PRAGMA cache_size = -8192;
          PRAGMA wal_autocheckpoint = 0;
          """)
    }
    return try DatabaseQueue(path: path, configuration: configuration)
  }
}
