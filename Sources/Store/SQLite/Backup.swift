internal import GRDB
internal import GRDBSQLite

#if canImport(Glibc)
  internal import Glibc
#endif

/// Backups that read from a connection and must let go of it before it is closed. Used on the connection's thread only.
final class OpenBackups {
  private var all: [Backup] = []

  func begin(_ backup: Backup, from source: Database) throws {
    try backup.begin(from: source)
    all.append(backup)
  }

  func end(_ backup: Backup) throws {
    all.removeAll { $0 === backup }
    try backup.end()
  }

  func abandon(_ backup: Backup) {
    all.removeAll { $0 === backup }
    backup.abandon()
  }

  func abandonAll() {
    for backup in all { backup.abandon() }
    all = []
  }
}

/// A copy of the database in the making, by SQLite's online backup (https://www.sqlite.org/backup.html): a temporary file
/// beside the target, which takes the target's name once it is whole and durable.
///
/// With the writer's connection as its source, changes made between two steps go into the copy too, so it neither begins
/// again nor needs a reader that would keep the WAL from being folded back.
///
/// `@unchecked Sendable`: each call is made on the source connection's thread, one after another.
final class Backup: @unchecked Sendable {
  private let target: String
  private let temporary: String
  private let errors: SQLiteErrors
  private var copy: DatabaseQueue?
  private var handle: OpaquePointer?

  /// Refuses, with `conflict`, a target that exists unless `overwrite`, and the store itself in any case.
  init(of source: String, to target: String, overwrite: Bool) throws(StoreError) {
    self.target = target
    temporary = "\(target).\(getpid()).partial"
    errors = SQLiteErrors(path: temporary)
    if StateDirectory.isSameFile(source, target) {
      throw StoreError(.conflict, "\(target) is the store itself: name another file")
    }
    if !overwrite && access(target, F_OK) == 0 {
      throw StoreError(.conflict, "\(target) exists already: name another file, or ask for it to be overwritten")
    }
  }

  func begin(from source: Database) throws {
    let descriptor = open(temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw StateDirectory.failure("cannot make \(temporary)", errno) }
    Glibc.close(descriptor)
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let copy = try DatabaseQueue(path: temporary, configuration: configuration)
    self.copy = copy
    handle = try copy.inDatabase { db in
      try db.execute(sql: "PRAGMA synchronous = OFF")  // made durable as a whole, at the end
      return sqlite3_backup_init(db.sqliteConnection, "main", source.sqliteConnection, "main")
    }
    if handle == nil { throw StoreError(.io, "cannot begin a backup to \(temporary)") }
  }

  /// Copies some pages. Says how many are left and how many there are; 0 left: the copy is whole.
  func step(pages: Int32) throws -> (left: Int, total: Int) {
    guard let handle, let copy else { throw StoreError(.io, "the backup to \(target) has not begun") }
    return try copy.inDatabase { _ in
      let code = sqlite3_backup_step(handle, pages)
      switch code {
      case SQLITE_OK, SQLITE_BUSY, SQLITE_LOCKED:
        return (max(1, Int(sqlite3_backup_remaining(handle))), Int(sqlite3_backup_pagecount(handle)))
      case SQLITE_DONE: return (0, Int(sqlite3_backup_pagecount(handle)))
      default: throw errors.storeError(DatabaseError(resultCode: ResultCode(rawValue: code)), doing: "copying")
      }
    }
  }

  /// Lets go of the source. To be called after the last step, whether that threw or not.
  func end() throws {
    guard let handle else { return }
    self.handle = nil
    let code = sqlite3_backup_finish(handle)
    if code != SQLITE_OK { throw errors.storeError(DatabaseError(resultCode: ResultCode(rawValue: code)), doing: "copying") }
  }

  /// Checks the copy, makes it durable and gives it its name. Does not need the source.
  func publish() throws(StoreError) {
    do {
      try checkAndRename()
    } catch {
      throw errors.storeError(error, doing: "keeping a backup")
    }
  }

  private func checkAndRename() throws {
    guard let copy else { throw StoreError(.io, "the backup to \(target) has not begun") }
    let findings = try copy.inDatabase { db in
      // The copy has the source's WAL mode in its header: a file that stands alone is simpler to carry away.
      try db.execute(sql: "PRAGMA journal_mode = DELETE")
      return try String.fetchAll(db, sql: "PRAGMA quick_check")
    }
    guard findings == ["ok"] else {
      throw StoreError(.damaged, "the backup is damaged and was not kept: \(findings.joined(separator: "; "))")
    }
    try copy.close()
    self.copy = nil
    try StateDirectory.makeDurable(temporary)
    guard rename(temporary, target) == 0 else { throw StateDirectory.failure("cannot make \(target)", errno) }
    try StateDirectory.makeDurable(StateDirectory.folder(of: target))
  }

  /// As `end`, for a backup that has failed already.
  func abandon() {
    if let handle { sqlite3_backup_finish(handle) }
    handle = nil
  }

  /// Removes what was copied of a backup that failed.
  func discard() {
    copy = nil
    unlink(temporary)
  }
}
