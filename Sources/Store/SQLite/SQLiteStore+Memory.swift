internal import GRDB
internal import GRDBSQLite

extension SQLiteStore {
  /// Has the connections let go of the pages that they keep of the file, up to 80 MiB: after work that read much of it once.
  package func releaseMemory() async throws(StoreError) {
    for reader in [hotReader, peopleReader] {
      try await reader.read("releasing memory") { db in _ = sqlite3_db_release_memory(db.sqliteConnection) }
    }
    try await writer.write("releasing memory", rows: 0) { context in
      _ = sqlite3_db_release_memory(context.db.sqliteConnection)
    }
  }
}
