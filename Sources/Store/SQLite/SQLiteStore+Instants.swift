internal import GRDB
package import JobModel

extension SQLiteStore {
  package func judge(_ judgements: [Judgement]) async throws(StoreError) -> [JudgementReceipt] {
    guard !judgements.isEmpty else { return [] }
    return try await writer.write("judging instants", rows: judgements.count * 4) { context in
      try judgements.map { try context.judge($0) }
    }
  }

  package func instants(_ query: InstantQuery) async throws(StoreError) -> [InstantRecord] {
    let path = directory.databasePath
    let limit = min(max(query.limit, 1), 1_000)
    return try await peopleReader.read("reading the instant ledger") { db in
      var arguments: [String: (any DatabaseValueConvertible)?] = [
        "from": query.from?.microseconds ?? .min, "beforeDue": query.before?.key.dueAt.microseconds ?? .max,
        "beforeSlot": query.before?.key.slot ?? .max, "beforeSchedule": query.before?.schedule.raw ?? .max,
        "beforeStretch": query.before?.isStretch ?? true, "limit": limit,
      ]
      var schedules: [Int64?] = [nil]
      if let job = query.job {
        schedules = try Row.fetchAll(
          db, sql: ScheduleSQL.list(ofJob: true, includesRetired: true), arguments: ["job": job]
        ).map { $0["number"] }
      }
      let fates = query.fates.map(\.rawValue)
      var found: [InstantRecord] = []
      func add(_ sql: String, _ arguments: [String: (any DatabaseValueConvertible)?]) throws {
        found += try Row.fetchAll(db, sql: sql, arguments: StatementArguments(arguments))
          .map { try InstantRecord(row: $0, path: path) }
      }
      for schedule in schedules {
        if let schedule { arguments["schedule"] = schedule }
        if query.from != nil { try add(ScheduleSQL.stretchesInto(ofSchedule: schedule != nil, fates: fates), arguments) }
        // SQLite enters the index at `:to`, not at the cursor: without this each page would begin by reading all those before it.
        let behind = query.before.map { $0.key.dueAt.microseconds }.flatMap { $0 == .max ? nil : $0 + 1 } ?? .max
        let to: [String: (any DatabaseValueConvertible)?] = ["to": min(query.to?.microseconds ?? .max, behind)]
        try add(
          ScheduleSQL.instants(ofSchedule: schedule != nil, fates: fates), arguments.merging(to) { first, _ in first })
      }
      found.sort { $0.cursor > $1.cursor }
      return Array(found.prefix(limit))
    }
  }

  package func pruneInstants(before: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try await writer.write("removing old instants", rows: limit) { context in
      try context.db.execute(
        sql: ScheduleSQL.pruneInstants, arguments: ["before": before.microseconds, "limit": max(0, limit)])
      return context.db.changesCount
    }
  }
}

extension WriteContext {
  fileprivate func judge(_ judgement: Judgement) throws -> JudgementReceipt {
    if judgement.fate == .backfilled { return try backfill(judgement) }
    try db.cachedStatement(sql: ScheduleSQL.advance).execute(
      arguments: [
        "schedule": judgement.schedule.raw, "first": judgement.first.dueAt.microseconds,
        "firstSlot": judgement.first.slot, "last": judgement.last.dueAt.microseconds, "lastSlot": judgement.last.slot,
      ])
    guard db.changesCount == 1 else {
      try requireSchedule(judgement.schedule)
      return .alreadyJudged
    }
    let run = try judgement.run.map(insertRun)
    try add(judgement, run)
    return .recorded(run)
  }

  /// An instant that had gone by: its own row is replaced, a stretch gives it up, or there was nothing.
  private func backfill(_ judgement: Judgement) throws -> JudgementReceipt {
    let key: StatementArguments = [judgement.schedule.raw, judgement.first.dueAt.microseconds, judgement.first.slot]
    if let row = try Row.fetchOne(db.cachedStatement(sql: ScheduleSQL.ownRow), arguments: key) {
      guard row["run"] == nil else { return .alreadyJudged }
      let run = try judgement.run.map(insertRun)
      try db.cachedStatement(sql: ScheduleSQL.replaceInstant).execute(
        arguments: [
          "fate": judgement.fate.rawValue, "judgedAt": judgement.judgedAt.microseconds, "note": judgement.note,
          "run": run?.raw, "schedule": judgement.schedule.raw, "first": judgement.first.dueAt.microseconds,
          "firstSlot": judgement.first.slot,
        ])
      return .recorded(run)
    }
    try requireSchedule(judgement.schedule)
    if let stretch = try Row.fetchOne(
      db.cachedStatement(sql: ScheduleSQL.stretchAround),
      arguments: [
        "schedule": judgement.schedule.raw, "first": judgement.first.dueAt.microseconds,
        "firstSlot": judgement.first.slot,
      ])
    {
      let due: Int64 = stretch["due_us"]
      let slot: Int = stretch["slot"]
      let isLast = (stretch["count"] as Int) <= 1
      try db.cachedStatement(sql: isLast ? ScheduleSQL.removeStretch : ScheduleSQL.shrinkStretch)
        .execute(arguments: [judgement.schedule.raw, due, slot])
    }
    let run = try judgement.run.map(insertRun)
    try add(judgement, run)
    return .recorded(run)
  }

  private func add(_ judgement: Judgement, _ run: RunNumber?) throws {
    try db.cachedStatement(sql: ScheduleSQL.addInstant).execute(
      arguments: [
        "schedule": judgement.schedule.raw, "first": judgement.first.dueAt.microseconds,
        "firstSlot": judgement.first.slot, "isStretch": judgement.count > 1,
        "last": judgement.last.dueAt.microseconds, "lastSlot": judgement.last.slot, "count": judgement.count,
        "fate": judgement.fate.rawValue, "judgedAt": judgement.judgedAt.microseconds, "note": judgement.note,
        "run": run?.raw,
      ])
  }

  private func requireSchedule(_ schedule: ScheduleNumber) throws {
    guard try Int.fetchOne(db.cachedStatement(sql: ScheduleSQL.exists), arguments: [schedule.raw]) != nil else {
      throw StoreError(.notFound, "there is no schedule with the number \(schedule.raw)")
    }
  }
}

extension InstantRecord {
  fileprivate init(row: Row, path: String) throws {
    let raw: Int = row["fate"]
    guard let fate = InstantFate(rawValue: raw) else {
      throw StoreError(.damaged, "the instant ledger in \(path) has a fate \(raw) that this Carillon does not know")
    }
    self.init(
      schedule: ScheduleNumber(raw: row["schedule"]), job: row["job"], scheduleName: row["name"],
      first: InstantKey(Timestamp(microseconds: row["due_us"]), slot: row["slot"]),
      last: InstantKey(Timestamp(microseconds: row["last_us"]), slot: row["last_slot"]),
      isStretch: row["is_stretch"], count: row["count"], fate: fate,
      judgedAt: Timestamp(microseconds: row["judged_us"]), note: row["note"],
      run: (row["run_id"] as String?).map(RunID.init))
  }
}
