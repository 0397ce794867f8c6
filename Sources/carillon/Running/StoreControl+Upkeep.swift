import ControlAPI
import Engine
import Foundation
import JobFiles
import JobModel
import Store

extension StoreControl {
  func backup(to path: String, overwrites: Bool) async throws(ControlError) -> BackupDocument {
    let store = try store()
    do throws(StoreError) {
      try await store.backup(to: path, overwrite: overwrites)
    } catch {
      throw ControlError(error)
    }
    var status = stat()
    return BackupDocument(file: path, bytes: stat(path, &status) == 0 ? Int(status.st_size) : 0)
  }

  func prune(_ request: PruneRequest) async throws(ControlError) -> PruneDocument {
    let ages = try PruneAges(request)
    return request.dryRun == true ? try await preview(ages) : try await prune(ages)
  }

  private func preview(_ ages: PruneAges) async throws(ControlError) -> PruneDocument {
    try await asking { store in
      let now = Timestamp.systemNow()
      let policy = ages.policy
      var result = PruneDocument(dryRun: true, runs: [], items: 0, instants: 0)
      var query = RunQuery(states: RunState.allCases.filter(\.isFinal), limit: 1_000)
      while true {
        let page = try await store.runs(query)
        for run in page {
          guard let end = run.finishedAt else { continue }
          let age = now - end
          if age > (run.counts.failed > 0 ? policy.failedRunsAfter : policy.runsAfter) {
            result.runs.append(run.id.text)
          } else if age > policy.succeededItemsAfter, run.counts.succeeded + run.counts.skipped > 0 {
            // Asked of the items: a run's own counts stay when its items have gone.
            let counts = try await store.countItems(run: run.number)
            result.items += counts.succeeded + counts.skipped
          }
        }
        guard page.count == query.limit, let last = page.last else { break }
        query.before = last.number
      }
      result.instants = try await Self.oldInstants(before: now - ages.instantsAfter, in: store)
      return result
    }
  }

  private static func oldInstants(before: Timestamp, in store: SQLiteStore) async throws -> Int {
    var query = InstantQuery(to: before, limit: 1_000)
    var count = 0
    while true {
      let page = try await store.instants(query)
      count += page.count { $0.judgedAt < before }
      guard page.count == query.limit, let last = page.last else { return count }
      query.cursor = last.cursor
    }
  }

  private func prune(_ ages: PruneAges) async throws(ControlError) -> PruneDocument {
    let engine: Engine
    do throws(CommandError) { engine = try await installation.engine() } catch { throw ControlError(error) }
    var result = PruneDocument(dryRun: false, runs: [], items: 0, instants: 0)
    do {
      let now = Timestamp.systemNow()
      while true {
        let receipt = try await engine.store.prune(ages.policy, at: .systemNow())
        result.items += receipt.items
        for run in receipt.removedRuns {
          result.runs.append(run.text)
          try Self.removeFiles(of: run, engine.paths)
        }
        if receipt.runs == 0 && receipt.items == 0 { break }
      }
      while true {
        let count = try await engine.store.pruneInstants(before: now - ages.instantsAfter, limit: 1_000)
        result.instants += count
        if count == 0 { break }
      }
      try await engine.close()
    } catch {
      do { try await engine.close() } catch { StandardStream.error.write("carillon: closing the store: \(error)\n") }
      throw ControlError(error)
    }
    return result
  }

  private static func removeFiles(of run: RunID, _ paths: EnginePaths) throws(CommandError) {
    for path in [paths.log(of: run), paths.artifacts(of: run)] where access(path, F_OK) == 0 {
      do {
        try FileManager.default.removeItem(atPath: path)
      } catch {
        throw CommandError(.storage, "cannot remove \(path): \(error.localizedDescription)")
      }
    }
  }
}

/// The ages that a request to prune names, with the defaults.
struct PruneAges {
  var policy = PrunePolicy()
  /// Rows of the instant ledger.
  var instantsAfter = Duration.seconds(180 * 86_400)

  init(_ request: PruneRequest) throws(ControlError) {
    func age(_ text: String?, _ name: String, _ standard: Duration) throws(ControlError) -> Duration {
      guard let text else { return standard }
      guard let age = DurationText.parse(text) else {
        throw ControlError(.malformed, "\(name) must be a duration as 7d or 12h, is \"\(text)\"")
      }
      return age
    }
    policy.succeededItemsAfter = try age(request.succeededItemsAfter, "--succeeded-items", policy.succeededItemsAfter)
    policy.runsAfter = try age(request.runsAfter, "--runs", policy.runsAfter)
    policy.failedRunsAfter = try age(request.failedRunsAfter, "--failed-runs", policy.failedRunsAfter)
    instantsAfter = try age(request.instantsAfter, "--instants", instantsAfter)
  }
}

extension Timestamp {
  static func - (left: Timestamp, right: Duration) -> Timestamp {
    Timestamp(microseconds: left.microseconds.subtractingReportingOverflow(right.wholeMicroseconds).partialValue)
  }
}
