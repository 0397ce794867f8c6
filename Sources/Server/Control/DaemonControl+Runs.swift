package import ControlAPI
import Engine
import JobModel
import Store

extension DaemonControl {
  package func runs(_ request: RunsRequest) async throws(ControlError) -> RunsPage {
    var query = RunQuery(job: request.job, limit: request.limit)
    query.states = try request.states.map { name throws(ControlError) in
      guard let state = RunState(name: name) else { throw Self.noWord("state", name, RunState.allCases.map(\.name)) }
      return state
    }
    if let before = request.before { query.before = try await record(before).number }
    let chosen = query
    let runs = try await inStore { () throws(StoreError) in try await store.runs(chosen) }
    if runs.isEmpty, let job = request.job, request.states.isEmpty, request.before == nil, await !scheduler.hasJob(job) {
      throw await unknown(job)
    }
    return RunsPage(
      runs: runs.map { RunDocument($0, isWhole: false) },
      next: runs.count == query.limit ? runs.last?.id.text : nil)
  }

  package func run(_ run: String) async throws(ControlError) -> RunDocument {
    let record = try await record(run)
    var document = try await document(of: record, isWhole: true)
    document.log = engine.paths.log(of: record.id)
    document.eventCount =
      try await inStore { () throws(StoreError) in try await store.events(run: record.number, after: 0, limit: 1_000) }.count
    return document
  }

  /// With the counts of this moment where the run is under way.
  func document(of run: RunRecord, isWhole: Bool) async throws(ControlError) -> RunDocument {
    var document = RunDocument(run, isWhole: isWhole)
    if !run.state.isFinal, let active = await dispatcher.activeRun(run.number) {
      document.counts = .init(active.progress.counts)
      document.state = active.progress.state.name
    }
    return document
  }

  package func cancel(_ run: String, reason: String) async throws(ControlError) -> RunDocument {
    guard reason.utf8.count <= 4_096 else {
      throw ControlError(.invalid, "a reason may have 4096 bytes, and has \(reason.utf8.count)")
    }
    let record = try await record(run)
    guard !record.state.isFinal else {
      throw ControlError(.conflict, "run \(record.id) has ended already: it is \(record.state.name)")
    }
    let cancelled = try await inEngine { () throws(EngineError) in try await dispatcher.cancel(record.number, reason: reason) }
    return RunDocument(cancelled, isWhole: false)
  }

  package func resume(_ run: String) async throws(ControlError) -> RunDocument {
    try requireReady()
    let record = try await record(run)
    guard !record.state.isFinal || record.state.allows(.queued) else {
      throw ControlError(.conflict, "run \(record.id) is \(record.state.name): there is nothing to resume")
    }
    try await requireIdle(record)
    try await inEngine { () throws(EngineError) in try await scheduler.takeUp(record) }
    return RunDocument(try await self.record(record.number), isWhole: false)
  }

  /// Throws `conflict` for a run under way. One that has ended in the store leaves the dispatcher a moment later.
  private func requireIdle(_ run: RunRecord) async throws(ControlError) {
    let deadline = time.uptime() + .seconds(2)
    while await dispatcher.activeRun(run.number) != nil {
      guard run.state.isFinal, time.uptime() < deadline else {
        throw ControlError(.conflict, "run \(run.id) is under way")
      }
      do { try await time.sleep(for: .milliseconds(5)) } catch { throw ControlError(.unavailable, "the daemon is ending") }
    }
  }

  package func retry(_ run: String, _ request: RetryRequest) async throws(ControlError) -> RunDocument {
    try requireReady()
    let record = try await record(run)
    guard !record.state.isFinal || record.state.allows(.queued) else {
      throw ControlError(.conflict, "run \(record.id) is \(record.state.name): its items cannot be tried again")
    }
    try await requireIdle(record)
    guard record.counts.failed > 0 else { throw ControlError(.conflict, "run \(record.id) has no failed items") }
    var selection = RetrySelection(keys: request.keys, at: time.now())
    let payloads = request.payloads ?? [:]
    for key in Set((request.keys ?? []) + payloads.keys).sorted() { try await requireFailed(key, record) }
    if let keys = request.keys {
      guard !keys.isEmpty else {
        throw ControlError(.invalid, "\"keys\" is empty: leave it out to try every failed item again")
      }
      if let other = payloads.keys.sorted().first(where: { !keys.contains($0) }) {
        throw ControlError(.invalid, "\"payloads\" has \"\(other.forPeople)\", which is not among \"keys\"")
      }
    }
    for (key, value) in payloads { selection.payloads[key] = try Self.payload(value) }
    let chosen = selection
    _ = try await inStore { () throws(StoreError) in try await store.retryItems(run: record.number, chosen) }
    let reopened = try await self.record(record.number)
    do throws(EngineError) {
      try await scheduler.takeUp(reopened)
    } catch {
      // One that waits for its turn already takes its items with it.
      guard error.code == .state, !record.state.isFinal else { throw ControlError(error) }
    }
    return RunDocument(try await self.record(record.number), isWhole: false)
  }

  private func requireFailed(_ key: String, _ run: RunRecord) async throws(ControlError) {
    guard let detail = try await inStore({ () throws(StoreError) in try await store.item(run: run.number, key: key) }) else {
      throw await missing(key, run)
    }
    guard detail.item.state.isFailure else {
      throw ControlError(
        .conflict, "item \"\(key.forPeople)\" is \(detail.item.state.name): only a failed item can be tried again")
    }
  }
}
