package import ControlAPI
import Engine
import JobModel
import Store

extension DaemonControl {
  package func pause(_ job: String, note: String) async throws(ControlError) -> PauseDocument {
    guard note.utf8.count <= 4_096 else {
      throw ControlError(.invalid, "a note may have 4096 bytes, and has \(note.utf8.count)")
    }
    _ = try await definition(job)
    return PauseDocument(try await inEngine { () throws(EngineError) in try await scheduler.pause(job, note: note) })
  }

  package func endPause(_ job: String) async throws(ControlError) -> PauseDocument {
    guard let (pause, caughtUp) = try await inEngine({ () throws(EngineError) in try await scheduler.endPause(job) }) else {
      _ = try await definition(job)
      throw ControlError(.notFound, "job \(job) is not paused")
    }
    return PauseDocument(pause, caughtUp: caughtUp)
  }

  package func instants(_ request: InstantsRequest) async throws(ControlError) -> InstantsPage {
    var query = InstantQuery(job: request.job, limit: request.limit)
    query.from = try request.from.map { text throws(ControlError) in try Self.instant("from", text) }
    query.to = try request.to.map { text throws(ControlError) in try Self.instant("to", text) }
    query.fates = try request.fates.map { name throws(ControlError) in
      guard let fate = InstantFate.allCases.first(where: { $0.name == name }) else {
        throw Self.noWord("fate", name, InstantFate.allCases.map(\.name))
      }
      return fate
    }
    if let before = request.before {
      guard let cursor = InstantCursor(text: before) else {
        throw ControlError(.invalid, "before must be the `next` of a page, is \"\(before.forPeople)\"")
      }
      query.cursor = cursor
    }
    let chosen = query
    let rows = try await inStore { () throws(StoreError) in try await store.instants(chosen) }
    if rows.isEmpty, let job = request.job, request.before == nil { try await requireKnown(job) }
    return InstantsPage(
      instants: rows.map(InstantDocument.init),
      next: rows.count == query.limit ? rows.last?.cursor.text : nil)
  }

  /// A name that neither a job file nor the ledger has is a mistake, not an empty list.
  private func requireKnown(_ job: String) async throws(ControlError) {
    guard await !scheduler.hasJob(job) else { return }
    let known = try await inStore { () throws(StoreError) in try await store.schedules(job: job, includesRetired: true) }
    if known.isEmpty { throw await unknown(job) }
  }

  static func instant(_ key: String, _ text: String) throws(ControlError) -> Timestamp {
    guard let instant = Timestamp(iso8601: text) else { throw noInstant(key, text) }
    return instant
  }

  package func upcoming(job: String?, limit: Int, isFirstOnly: Bool) async throws(ControlError) -> [UpcomingDocument] {
    if let job { _ = try await definition(job) }
    return await scheduler.upcoming(job: job, limit: limit, isFirstOnly: isFirstOnly).map(UpcomingDocument.init)
  }

  package func backfill(_ job: String, _ request: BackfillRequest) async throws(ControlError) -> BackfillDocument {
    let isPlan = request.plan ?? false
    if !isPlan { try requireReady() }
    var options = BackfillOptions(
      from: try Self.instant("from", request.from), to: try Self.instant("to", request.to))
    guard options.from < options.to else { throw ControlError(.invalid, "\"from\" must be before \"to\"") }
    options.isPlan = isPlan
    options.parallel = request.parallel ?? 1
    guard (1...100).contains(options.parallel) else {
      throw ControlError(.invalid, "\"parallel\" must be 1 to 100, is \(options.parallel)")
    }
    options.isReverse = request.reverse ?? false
    options.schedule = request.schedule
    let definition = try await definition(job)
    if let name = request.schedule, !definition.schedules.contains(where: { $0.name == name }) {
      throw Self.noWord("schedule", name, definition.schedules.map(\.name))
    }
    let chosen = options
    let result = try await inEngine { () throws(EngineError) in try await scheduler.backfill(job, chosen) }
    return BackfillDocument(
      job: job, isPlan: isPlan,
      instants: result.instants.map {
        BackfillDocument.Instant(
          schedule: $0.schedule, dueAt: $0.key.dueAt.iso8601, fate: $0.fate?.name, run: $0.run?.text)
      }, alreadyRun: result.alreadyRun)
  }
}
