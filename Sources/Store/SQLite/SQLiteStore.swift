internal import GRDB
internal import JobModel

/// The store of one machine: a SQLite file in a state directory. One engine at a time writes it; any number of programs may
/// read it meanwhile. See docs/store.md for the file, docs/state-machine.md for the moves.
package final class SQLiteStore: Store {
  /// What a store is opened for.
  package enum Mode: Sendable {
    /// To write: takes the directory's lock, makes the file where there is none, and brings it to the present schema.
    case engine
    /// To look: takes no lock, changes nothing, and works whether or not an engine is running.
    case reader
  }

  let directory: StateDirectory
  /// The version of the file.
  let version: Int
  let errors: SQLiteErrors
  private let meter = Meter()
  private let lock: EngineLock?
  private let openedWriter: Writer?
  /// For the engine's own short reads.
  let hotReader: Reader
  /// For what people ask, which may take longer.
  let peopleReader: Reader

  private init(directory folder: String, mode: Mode, steps: [String]) throws(StoreError) {
    let directory = StateDirectory(path: folder)
    let errors = SQLiteErrors(path: directory.databasePath)
    self.directory = directory
    self.errors = errors
    version = steps.count
    let path = directory.databasePath
    switch mode {
    case .engine:
      try directory.create()
      lock = try EngineLock(directory)
    case .reader:
      try directory.requireDatabaseFile()
      lock = nil
    }
    do throws(StoreError) {
      if mode == .engine {
        try directory.createDatabaseFile()
        openedWriter = try Writer(directory: directory, steps: steps, errors: errors, meter: meter)
      } else {
        openedWriter = nil
      }
      hotReader = try Reader(path: path, version: version, label: "carillon.ready", errors: errors)
      peopleReader = try Reader(path: path, version: version, label: "carillon.reader", errors: errors)
    } catch {
      lock?.release()
      throw error
    }
  }

  /// Opens the store in a state directory. Throws `locked` when another engine has it, `tooNew` or `damaged` for a file that
  /// this Carillon cannot use, and for a reader `notFound` when no store has been made there.
  package static func open(directory path: String, mode: Mode) throws(StoreError) -> SQLiteStore {
    try SQLiteStore(directory: path, mode: mode, steps: Schema.steps)
  }

  /// As `open`, for tests of migrations: an engine that knows only these steps.
  static func open(directory path: String, steps: [String]) throws(StoreError) -> SQLiteStore {
    try SQLiteStore(directory: path, mode: .engine, steps: steps)
  }

  var isEngine: Bool { openedWriter != nil }

  var writer: Writer {
    get throws(StoreError) {
      if let openedWriter { return openedWriter }
      throw StoreError(.unavailable, "\(directory.databasePath) was opened for reading only")
    }
  }

  /// Sizes and counts since the store was opened. Does not wait for the writer.
  package func statistics() -> StoreStatistics {
    var statistics = meter.snapshot
    statistics.fileBytes = StateDirectory.size(of: directory.databasePath)
    statistics.walBytes = StateDirectory.size(of: directory.databasePath + "-wal")
    return statistics
  }

  /// Finishes what waits, empties the WAL, closes the file and gives the lock back. What is asked afterwards throws
  /// `unavailable`. Later calls change nothing.
  package func close() async throws(StoreError) {
    let failures = [
      await failure { () throws(StoreError) in try await hotReader.close() },
      await failure { () throws(StoreError) in try await peopleReader.close() },
      await failure { () throws(StoreError) in try await openedWriter?.close() },
    ]
    lock?.release()
    if let first = failures.compactMap({ $0 }).first { throw first }
  }

  private func failure(_ body: () async throws(StoreError) -> Void) async -> StoreError? {
    do throws(StoreError) {
      try await body()
      return nil
    } catch {
      return error
    }
  }
}
