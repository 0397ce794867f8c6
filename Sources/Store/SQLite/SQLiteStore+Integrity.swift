internal import GRDB
internal import Synchronization

extension SQLiteStore {
  /// Runs SQLite's quick_check over the whole file, on a connection and a thread of its own. Throws `damaged` with the first
  /// findings. False when the task was cancelled before the end. While it runs the WAL cannot begin anew, so it grows under
  /// load.
  @discardableResult
  package func integrityCheck() async throws(StoreError) -> Bool {
    let path = directory.databasePath
    let reader = try ReaderConnection(path: path, version: version, label: "carillon.check", errors: errors)
    let flag = CancellationFlag()
    let result: Result<Bool, StoreError> = await withTaskCancellationHandler {
      do throws(StoreError) {
        return .success(
          try await OwnThread.run("carillon.check") { () throws(StoreError) in
            let result: Result<Bool, StoreError>
            do throws(StoreError) {
              result = .success(try Self.check(reader, path: path, flag))
            } catch {
              result = .failure(error)
            }
            if let failure = reader.close() { throw failure }
            return try result.get()
          })
      } catch {
        return .failure(error)
      }
    } onCancel: {
      flag.set()
      reader.interrupt()
    }
    return try result.get()
  }

  private static func check(
    _ reader: ReaderConnection, path: String, _ flag: CancellationFlag
  ) throws(StoreError) -> Bool {
    do throws(StoreError) {
      let findings = try reader.read("checking the store") { db in
        // SQLite forgets an interruption that comes while no statement runs; with this one under way it does not.
        let running = try Row.fetchCursor(db, sql: "SELECT 1 FROM sqlite_schema")
        _ = try running.next()
        if flag.isSet { return [String]?.none }
        return try withExtendedLifetime(running) { try String.fetchAll(db, sql: "PRAGMA quick_check(10)") }
      }
      guard let findings else { return false }
      if findings == ["ok"] { return true }
      throw StoreError(
        .damaged,
        "\(path) is damaged: \(findings.joined(separator: "; ")). Stop Carillon and restore a backup.")
    } catch {
      if flag.isSet && error.code != .damaged { return false }
      throw error
    }
  }
}

/// Set once, from any thread.
private final class CancellationFlag: Sendable {
  private let value = Mutex(false)

  var isSet: Bool { value.withLock { $0 } }
  func set() { value.withLock { $0 = true } }
}
