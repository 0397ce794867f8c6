internal import GRDB

extension SQLiteStore {
  /// Pages copied at a time: a mebibyte, so that whoever waits for the writer waits a few milliseconds.
  private static let pagesPerStep: Int32 = 256

  /// Writes a copy of the store as it stands at the end of the backup, while others go on writing. `progress` is told the
  /// share that is done, 0 … 1, on a thread of the store. The copy is checked and durable before it gets its name; a failed
  /// or cancelled backup leaves nothing. Throws `conflict` when the file exists and `overwrite` is false, and when it is the
  /// store itself.
  package func backup(
    to path: String, overwrite: Bool = false, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) async throws(StoreError) {
    let backup = try Backup(of: directory.databasePath, to: path, overwrite: overwrite)
    do throws(StoreError) {
      if isEngine {
        try await copyBesideWriting(backup, progress)
      } else {
        try await copyOneMoment(backup, progress)
      }
      try await OwnThread.run("carillon.backup") { () throws(StoreError) in try backup.publish() }
    } catch {
      try await OwnThread.run("carillon.backup") { () throws(StoreError) in backup.discard() }
      throw error
    }
  }

  /// From the writer's connection, between its transactions.
  private func copyBesideWriting(
    _ backup: Backup, _ progress: @escaping @Sendable (Double) -> Void
  ) async throws(StoreError) {
    let writer = try self.writer
    do throws(StoreError) {
      try await writer.write("beginning a backup", isAlone: true) { try $0.backups.begin(backup, from: $0.db) }
      while true {
        try Self.requireNotCancelled()
        let isWhole = try await writer.write("copying the store", isAlone: true) { _ in
          try Self.step(backup, progress)
        }
        if isWhole { break }
      }
    } catch {
      // Let go of the source on its own thread, whatever happened; the first failure is the one to report.
      try await writer.write("ending a backup", isAlone: true) { $0.backups.abandon(backup) }
      throw error
    }
    try await writer.write("ending a backup", isAlone: true) { try $0.backups.end(backup) }
  }

  /// From a reader's connection in one read transaction: an engine elsewhere may write meanwhile, but not fold its WAL back.
  private func copyOneMoment(
    _ backup: Backup, _ progress: @escaping @Sendable (Double) -> Void
  ) async throws(StoreError) {
    let path = directory.databasePath
    let (version, errors) = (version, errors)
    try await OwnThread.run("carillon.backup") { () throws(StoreError) in
      let reader = try ReaderConnection(path: path, version: version, label: "carillon.backup", errors: errors)
      try reader.read("copying the store") { db in
        defer { backup.abandon() }
        try db.execute(sql: "SELECT 1 FROM sqlite_schema")  // begins the moment that is copied
        try backup.begin(from: db)
        while try !Self.step(backup, progress) {}
        try backup.end()
      }
      if let failure = reader.close() { throw failure }
    }
  }

  private static func step(_ backup: Backup, _ progress: (Double) -> Void) throws -> Bool {
    let (left, total) = try backup.step(pages: pagesPerStep)
    progress(total == 0 ? 1 : Double(total - left) / Double(total))
    return left == 0
  }

  private static func requireNotCancelled() throws(StoreError) {
    if Task.isCancelled { throw StoreError(.unavailable, "the backup was cancelled; nothing was kept") }
  }
}
