import ControlAPI
import Cron
import JobModel

/// What became of a job's due instants in a stretch of time: the ledger's rows beside what the schedules say.
struct InstantSearch {
  /// One due instant, and what is known of it.
  struct Found {
    var schedule: String
    var due: Timestamp
    var slot: Int
    /// The ledger's row; nil: it has none.
    var row: InstantDocument?
    /// What the schedule, as it is now, says of it; nil: nothing.
    var planned: DueInstant?
  }

  /// As many rows as are looked at.
  private static let maxRows = 1_000

  let job: String
  let control: any Control
  /// nil: the job is in no file any more, or its schedules cannot be read.
  let plan: JobPlan?

  /// Every due instant in the stretch, oldest first, as far as schedules or ledger know it.
  func instants(from: Timestamp, to: Timestamp) async throws(ControlError) -> [Found] {
    let rows = try await rows(from: from, to: to)
    var found: [Found] = []
    for planned in plan?.occurrences(from: from.wholeSeconds, to: to.wholeSeconds) ?? [] {
      let row = rows.first { $0.isOwn(of: planned) } ?? rows.first { $0.covers(planned) }
      guard planned.occurrence.isDue || row != nil || planned.occurrence.edge != nil else { continue }
      found.append(
        Found(
          schedule: planned.schedule, due: planned.instant, slot: planned.occurrence.slot, row: row, planned: planned))
    }
    // Rows of schedules that have changed since, or are gone.
    for row in rows {
      guard row.lastDueAt == nil, let due = Timestamp(iso8601: row.dueAt), due >= from, due < to,
        !found.contains(where: { $0.row?.cursor == row.cursor })
      else { continue }
      found.append(Found(schedule: row.schedule, due: due, slot: row.slot, row: row, planned: nil))
    }
    if plan == nil { found += rows.filter { $0.lastDueAt != nil }.compactMap(Self.stretch) }
    return found.sorted { ($0.due, $0.slot) < ($1.due, $1.slot) }
  }

  /// The last one before an instant, with its row.
  func before(_ instant: Timestamp) async throws(ControlError) -> Found? {
    guard let planned = plan?.previous(before: instant.wholeSeconds) else { return nil }
    return try await instants(from: planned.instant, to: planned.instant + .seconds(1)).last
  }

  /// The first one that is due at or after an instant, with its row.
  func after(_ instant: Timestamp) async throws(ControlError) -> Found? {
    guard let planned = plan?.next(after: instant.wholeSeconds - 1, count: 1).first(where: \.occurrence.isDue) else {
      return nil
    }
    return try await instants(from: planned.instant, to: planned.instant + .seconds(1)).first
  }

  private func rows(from: Timestamp, to: Timestamp) async throws(ControlError) -> [InstantDocument] {
    var request = InstantsRequest()
    request.job = job
    request.from = from.iso8601
    request.to = to.iso8601
    request.limit = Self.maxRows
    return try await control.instants(request).instants
  }

  private static func stretch(_ row: InstantDocument) -> Found? {
    Timestamp(iso8601: row.dueAt).map { Found(schedule: row.schedule, due: $0, slot: row.slot, row: row, planned: nil) }
  }
}

extension InstantDocument {
  /// The row is this instant's alone.
  fileprivate func isOwn(of instant: DueInstant) -> Bool {
    schedule == instant.schedule && lastDueAt == nil && Timestamp(iso8601: dueAt) == instant.instant
      && slot == instant.occurrence.slot
  }

  /// The row is a stretch in which the instant lies.
  fileprivate func covers(_ instant: DueInstant) -> Bool {
    guard schedule == instant.schedule, instant.occurrence.isDue, let first = Timestamp(iso8601: dueAt),
      let last = Timestamp(document: lastDueAt)
    else { return false }
    return first <= instant.instant && instant.instant <= last
  }
}
