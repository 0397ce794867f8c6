import Server
import ControlAPI
import Foundation
import JobModel
import Store
import Synchronization

/// What can be had without a daemon: from the store's file, read only, from logs and job files; `cancel` and `prune` take the store for
/// themselves for a moment. What only a daemon does throws `notHere` with what to do.
final class StoreControl: Control {
  let installation: Installation
  /// Why no daemon is asked.
  let absence: ControlError
  private let opened: Mutex<SQLiteStore?>

  init(
    _ installation: Installation,
    absence: ControlError = ControlError(.notHere, "no daemon is asked; leave --here out")
  ) {
    self.installation = installation
    self.absence = absence
    opened = Mutex(nil)
  }

  /// The same, of a store that this process's engine has open.
  init(_ installation: Installation, engine store: SQLiteStore) {
    self.installation = installation
    absence = ControlError(.notHere, "no daemon runs: this program itself has the store")
    opened = Mutex(store)
  }

  /// The store, opened when it is first wanted. Throws `notFound` before anything has been run.
  func store() throws(ControlError) -> SQLiteStore {
    if let store = opened.withLock({ $0 }) { return store }
    do throws(CommandError) {
      let store = try installation.reader()
      opened.withLock { $0 = store }
      return store
    } catch {
      throw ControlError(error)
    }
  }

  /// As above; nil before anything has been run.
  func storeIfMade() throws(ControlError) -> SQLiteStore? {
    do throws(ControlError) { return try store() } catch {
      if error.code == .notFound { return nil }
      throw error
    }
  }

  func record(_ run: String) async throws(ControlError) -> RunRecord {
    try await asking { try await $0.run(reference: run) }
  }

  // MARK: Only a daemon's

  func status() async throws(ControlError) -> StatusDocument { throw absence }
  func reload() async throws(ControlError) -> ReloadDocument { throw absence }
  func reloadPlugins(_ plugin: String?) async throws(ControlError) -> PluginsReloadDocument { throw absence }
  func drain() async throws(ControlError) { throw absence }
  func pause(_ job: String, note: String) async throws(ControlError) -> PauseDocument { throw absence }
  func endPause(_ job: String) async throws(ControlError) -> PauseDocument { throw absence }
  func backfill(_ job: String, _ request: BackfillRequest) async throws(ControlError) -> BackfillDocument { throw absence }

  func trigger(_ job: String, _ request: TriggerRequest) async throws(ControlError) -> RunDocument {
    _ = try await self.job(job)  // a job that is not there is said so first
    throw absence(or: "carillon run \(job)")
  }

  func resume(_ run: String) async throws(ControlError) -> RunDocument { throw absence(or: "carillon resume \(run)") }

  func retry(_ run: String, _ request: RetryRequest) async throws(ControlError) -> RunDocument {
    throw absence(or: "carillon retry \(run)")
  }

  func watch(_ run: String, includesLog: Bool) async throws(ControlError) -> AsyncThrowingStream<RunEvent, any Error> {
    let record = try await record(run)
    guard record.state.isFinal else { throw absence(or: "carillon logs --follow \(record.id)") }
    return AsyncThrowingStream {
      $0.yield(.ended(RunDocument(record, isWhole: true)))
      $0.finish()
    }
  }

  private func absence(or command: String) -> ControlError {
    ControlError(absence.code, absence.message + ", or do it here: \(command)")
  }
}

extension ControlError {
  init(_ error: StoreError) {
    let code: Code =
      switch error.code {
      case .locked: .unavailable
      case .notFound: .notFound
      case .conflict: .conflict
      case .unavailable, .full, .damaged, .tooNew, .io: .storage
      }
    self.init(code, error.message)
  }

  init(_ error: CommandError) {
    let code: Code =
      switch error.status {
      case .usage: .malformed
      case .invalidData: .invalid
      case .notFound: .notFound
      case .pluginUnavailable: .pluginUnavailable
      case .cannotCreate, .storage: .storage
      case .temporary: .unavailable
      case .notPermitted: .forbidden
      case .success, .completedWithFailures, .failed, .cancelled, .fault: .fault
      }
    self.init(code, error.message)
  }

  /// Any error of this program.
  init(_ error: any Error) {
    switch error {
    case let error as ControlError: self = error
    case let error as StoreError: self.init(error)
    default: self.init(CommandError(error))
    }
  }
}
