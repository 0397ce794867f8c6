internal import GRDB
internal import GRDBSQLite

#if canImport(Glibc)
  internal import Glibc
#endif

/// Turns what SQLite says into what a person can act on.
struct SQLiteErrors: Sendable {
  /// The database file, as it is named in messages.
  let path: String

  /// `error` as the store's own; a `StoreError` is passed on. The connection on which it came about knows the system's error.
  func storeError(_ error: any Error, on connection: OpaquePointer? = nil, doing action: String) -> StoreError {
    if let error = error as? StoreError { return error }
    guard let error = error as? DatabaseError else {
      return StoreError(.io, "\(action) in \(path) failed: \(error)", cause: error)
    }
    let detail = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
    let code = Self.code(error.extendedResultCode.rawValue, on: connection)
    return storeError(code: code, detail: detail, doing: action, cause: error)
  }

  /// The last failure on a connection that was used through its C handle.
  func storeError(on connection: OpaquePointer, doing action: String) -> StoreError {
    let code = Self.code(sqlite3_extended_errcode(connection), on: connection)
    return storeError(code: code, detail: String(cString: sqlite3_errmsg(connection)), doing: action, cause: nil)
  }

  /// SQLite knows a full disk by ENOSPC from write(2) only; a spent quota, and either from another call, is an I/O error to it.
  private static func code(_ code: Int32, on connection: OpaquePointer?) -> Int32 {
    guard code & 0xff == SQLITE_IOERR, let connection else { return code }
    let systemError = sqlite3_system_errno(connection)
    return systemError == ENOSPC || systemError == EDQUOT ? SQLITE_FULL : code
  }

  private func storeError(code: Int32, detail: String, doing action: String, cause: (any Error)?) -> StoreError {
    let what = "\(action) in \(path) failed: \(detail)"
    return switch code & 0xff {
    case SQLITE_FULL:
      StoreError(.full, "\(what). The disk or quota is full; nothing was lost. Make room and go on.", cause: cause)
    case SQLITE_IOERR where code == ResultCode.SQLITE_IOERR_SHMSIZE.rawValue:
      StoreError(.full, "\(what). The disk is most likely full; nothing was lost. Make room and go on.", cause: cause)
    case SQLITE_CORRUPT:
      StoreError(.damaged, "\(what). The file is damaged: stop Carillon and restore a backup.", cause: cause)
    case SQLITE_NOTADB:
      StoreError(.damaged, "\(path) is not a Carillon store: \(detail). Name another state directory.", cause: cause)
    case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH:
      StoreError(.unavailable, "\(what). Check the owner and mode of the file and its folder.", cause: cause)
    case SQLITE_BUSY, SQLITE_LOCKED:
      StoreError(.locked, "\(what). Another program holds the file: end it and try again.", cause: cause)
    case SQLITE_CONSTRAINT:
      StoreError(.conflict, what, cause: cause)
    default:
      StoreError(.io, "\(what) (SQLite code \(code))", cause: cause)
    }
  }
}
