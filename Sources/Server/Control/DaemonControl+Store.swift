package import ControlAPI
import Engine
import Foundation
import JobFiles
import JobModel
import Store

extension DaemonControl {
  package func backup(to path: String, overwrites: Bool) async throws(ControlError) -> BackupDocument {
    guard path.hasPrefix("/"), !path.utf8.contains(0), path.utf8.count < 4_096 else {
      throw ControlError(.invalid, "\"path\" must be an absolute path, is \"\(path.forPeople)\"")
    }
    do throws(StoreError) {
      try await store.backup(to: path, overwrite: overwrites)
    } catch {
      guard error.code == .conflict else { throw ControlError(error) }
      throw ControlError(.conflict, "\(error.message); with \"overwrites\" it is replaced")
    }
    var status = stat()
    return BackupDocument(file: path, bytes: stat(path, &status) == 0 ? Int(status.st_size) : 0)
  }

  package func prune(_ request: PruneRequest) async throws(ControlError) -> PruneDocument {
    var policy = PrunePolicy()
    var instantsAfter = Duration.seconds(180 * 86_400)
    if let age = try Self.age("succeeded_items_after", request.succeededItemsAfter) { policy.succeededItemsAfter = age }
    if let age = try Self.age("runs_after", request.runsAfter) { policy.runsAfter = age }
    if let age = try Self.age("failed_runs_after", request.failedRunsAfter) { policy.failedRunsAfter = age }
    if let age = try Self.age("instants_after", request.instantsAfter) { instantsAfter = age }
    let now = time.now()
    let instantsBefore = now + (.zero - instantsAfter)
    return request.dryRun == true
      ? try await preview(policy, instantsBefore: instantsBefore, at: now)
      : try await prune(policy, instantsBefore: instantsBefore, at: now)
  }

  private static func age(_ key: String, _ text: String?) throws(ControlError) -> Duration? {
    guard let text else { return nil }
    guard let age = DurationText.parse(text) else {
      throw ControlError(.invalid, "\"\(key)\" must be a duration as 7d or 12h, is \"\(text.forPeople)\"")
    }
    return age
  }

  private func prune(
    _ policy: PrunePolicy, instantsBefore: Timestamp, at now: Timestamp
  ) async throws(ControlError) -> PruneDocument {
    var document = PruneDocument(dryRun: false, runs: [], items: 0, instants: 0)
    while true {
      try Self.requireNotCancelled()
      let receipt = try await inStore { () throws(StoreError) in try await store.prune(policy, at: now) }
      document.items += receipt.items
      for run in receipt.removedRuns {
        document.runs.append(run.text)
        try removeFiles(of: run)
      }
      if receipt.runs == 0 && receipt.items == 0 { break }
    }
    while true {
      try Self.requireNotCancelled()
      let removed = try await inStore { () throws(StoreError) in
        try await store.pruneInstants(before: instantsBefore, limit: 2_000)
      }
      document.instants += removed
      if removed == 0 { return document }
    }
  }

  private static func requireNotCancelled() throws(ControlError) {
    if Task.isCancelled {
      throw ControlError(.unavailable, "it was told to stop; what was removed so far is gone, ask again for the rest")
    }
  }

  private func removeFiles(of run: RunID) throws(ControlError) {
    for path in [engine.paths.log(of: run), engine.paths.artifacts(of: run)] where access(path, F_OK) == 0 {
      do {
        try FileManager.default.removeItem(atPath: path)
      } catch {
        throw ControlError(.storage, "cannot remove \(path): \(error.localizedDescription)")
      }
    }
  }

  /// Counts without removing.
  private func preview(
    _ policy: PrunePolicy, instantsBefore: Timestamp, at now: Timestamp
  ) async throws(ControlError) -> PruneDocument {
    var document = PruneDocument(dryRun: true, runs: [], items: 0, instants: 0)
    document.instants = try await inStore { () throws(StoreError) in try await store.countInstants(judgedBefore: instantsBefore)
    }
    var query = RunQuery(states: RunState.allCases.filter(\.isFinal), limit: 1_000)
    while true {
      let chosen = query
      let page = try await inStore { () throws(StoreError) in try await store.runs(chosen) }
      for run in page {
        guard let end = run.finishedAt else { continue }
        let age = now - end
        if age > (run.counts.failed > 0 ? policy.failedRunsAfter : policy.runsAfter) {
          document.runs.append(run.id.text)
        } else if age > policy.succeededItemsAfter {
          let counts = try await inStore { () throws(StoreError) in try await store.countItems(run: run.number) }
          document.items += counts.succeeded + counts.skipped
        }
      }
      guard page.count == query.limit, let last = page.last else { return document }
      query.before = last.number
    }
  }
}
