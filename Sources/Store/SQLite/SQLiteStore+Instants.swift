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
    let oldestFirst = query.isOldestFirst
    let cursor = query.cursor
    let from = query.from?.microseconds ?? .min
    var (first, end) = (from, query.to?.microseconds ?? .max)
    if let due = cursor?.key.dueAt.microseconds {
      if oldestFirst { first = max(first, due) } else if due < .max { end = min(end, due + 1) }
    }
    let least: Int64 = oldestFirst ? .min : .max
    let common: [String: Int64] = [
      "cursorDue": cursor?.key.dueAt.microseconds ?? least, "cursorSlot": cursor.map { Int64($0.key.slot) } ?? least,
      "cursorSchedule": cursor?.schedule.raw ?? least, "cursorStretch": cursor.map { $0.isStretch ? 1 : 0 } ?? least,
      "limit": Int64(limit),
    ]
    let (range, stretches) = (["from": first, "to": end], ["from": from])
    return try await peopleReader.read("reading the instant ledger") { db in
      var schedules: [Int64?] = [nil]
      if let job = query.job {
        schedules = try Row.fetchAll(
          db, sql: ScheduleSQL.list(ofJob: true, includesRetired: true), arguments: ["job": job]
        ).map { $0["number"] }
      }
      let fates = query.fates.map(\.rawValue)
      var found: [InstantRecord] = []
      for schedule in schedules {
        func add(_ sql: String, _ times: [String: Int64]) throws {
          var all = common.merging(times) { $1 }
          all["schedule"] = schedule
          found += try Row.fetchAll(db, sql: sql, arguments: StatementArguments(all))
            .map { try InstantRecord(row: $0, path: path) }
        }
        let isOfOne = schedule != nil
        if query.from != nil {
          try add(ScheduleSQL.stretchesInto(ofSchedule: isOfOne, fates: fates, oldestFirst: oldestFirst), stretches)
        }
        try add(ScheduleSQL.instants(ofSchedule: isOfOne, fates: fates, oldestFirst: oldestFirst), range)
      }
      found.sort { oldestFirst ? $0.cursor < $1.cursor : $0.cursor > $1.cursor }
      return Array(found.prefix(limit))
    }
  }

  package func countInstants(judgedBefore: Timestamp) async throws(StoreError) -> Int {
    try await peopleReader.read("counting old instants") { db in
      try Int.fetchOne(db, sql: ScheduleSQL.countOldInstants, arguments: [judgedBefore.microseconds]) ?? 0
    }
  }

  package func pruneInstants(before: Timestamp, limit: Int) async throws(StoreError) -> Int {
    try await writer.write("removing old instants", rows: limit) { context in
      try context.db.execute(
        sql: ScheduleSQL.pruneInstants, arguments: ["before": before.microseconds, "limit": max(0, limit)])
      let count = context.db.changesCount
      try context.db.execute(sql: ScheduleSQL.pruneRules)
      return count
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
    if judgement.isCounted,
      let stretch = try Row.fetchOne(
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
