internal import GRDB
package import JobModel

extension SQLiteStore: ScheduleStore {
  package func setSchedules(
    _ schedules: [NewSchedule], at: Timestamp
  ) async throws(StoreError) -> [ScheduleRecord] {
    let path = directory.databasePath
    var texts: [String] = []
    texts.reserveCapacity(schedules.count)
    do {
      for schedule in schedules { texts.append(try JSONColumn.encode(schedule.spec)) }
    } catch {
      throw StoreError(.io, "a schedule cannot be written as JSON: \(error)", cause: error)
    }
    let wanted = zip(schedules, texts).map { WantedSchedule(schedule: $0, text: $1) }
    return try await writer.write("setting the schedules", rows: schedules.count) { context in
      let db = context.db
      var known = try KnownSchedule.all(in: db)
      for wanted in wanted {
        let key = ScheduleKey(wanted.schedule)
        if known.removeValue(forKey: key)?.text == wanted.text { continue }
        try db.cachedStatement(sql: ScheduleSQL.put).execute(
          arguments: ["job": key.job, "name": key.name, "spec": wanted.text, "at": at.microseconds])
      }
      for gone in known.values {
        try db.cachedStatement(sql: ScheduleSQL.retire).execute(
          arguments: ["at": at.microseconds, "number": gone.number])
      }
      let rows = try Row.fetchAll(db, sql: ScheduleSQL.inForce)
      let numbered = Dictionary(
        rows.map { (ScheduleKey(job: $0["job"], name: $0["name"]), $0) }, uniquingKeysWith: { first, _ in first })
      return try wanted.compactMap { wanted in
        try numbered[ScheduleKey(wanted.schedule)].map {
          try ScheduleRecord(row: $0, spec: wanted.schedule.spec, path: path)
        }
      }
    }
  }

  package func schedules(job: String?, includesRetired: Bool) async throws(StoreError) -> [ScheduleRecord] {
    let path = directory.databasePath
    return try await peopleReader.read("listing schedules") { db in
      let arguments: StatementArguments = job.map { ["job": $0] } ?? StatementArguments()
      return try Row.fetchAll(
        db, sql: ScheduleSQL.list(ofJob: job != nil, includesRetired: includesRetired), arguments: arguments
      ).map { try ScheduleRecord(row: $0, spec: nil, path: path) }
    }
  }

  package func pause(job: String, note: String, at: Timestamp) async throws(StoreError) -> PauseRecord {
    try await writer.write("pausing a job") { context in
      let row = try Row.fetchOne(
        context.db, sql: ScheduleSQL.pause, arguments: ["job": job, "at": at.microseconds, "note": note])
      return row.map(PauseRecord.init(row:)) ?? PauseRecord(job: job, since: at, note: note)
    }
  }

  package func endPause(job: String) async throws(StoreError) -> PauseRecord? {
    try await writer.write("ending a pause") { context in
      try Row.fetchOne(context.db, sql: ScheduleSQL.endPause, arguments: [job]).map(PauseRecord.init(row:))
    }
  }

  package func pauses() async throws(StoreError) -> [PauseRecord] {
    try await hotReader.read("listing pauses") { db in
      try Row.fetchAll(db, sql: ScheduleSQL.pauses).map(PauseRecord.init(row:))
    }
  }
}

/// What tells schedules apart for people.
private struct ScheduleKey: Hashable {
  var job: String
  var name: String

  init(job: String, name: String) {
    self.job = job
    self.name = name
  }

  init(_ schedule: NewSchedule) { self.init(job: schedule.job, name: schedule.spec.name) }
}

private struct WantedSchedule: Sendable {
  var schedule: NewSchedule
  /// Its spec as the store keeps it.
  var text: String
}

private struct KnownSchedule {
  var number: Int64
  var text: String

  static func all(in db: Database) throws -> [ScheduleKey: KnownSchedule] {
    let rows = try Row.fetchAll(db, sql: ScheduleSQL.inForce)
    return Dictionary(
      rows.map {
        (ScheduleKey(job: $0["job"], name: $0["name"]), KnownSchedule(number: $0["number"], text: $0["spec"]))
      }, uniquingKeysWith: { first, _ in first })
  }
}

extension ScheduleRecord {
  /// - Parameter spec: what `row["spec"]` says, where the caller knows it.
  fileprivate init(row: Row, spec: ScheduleSpec?, path: String) throws {
    let number: Int64 = row["number"]
    let known: ScheduleSpec
    do {
      known = try spec ?? JSONColumn.decode(ScheduleSpec.self, row["spec"])
    } catch {
      throw StoreError(
        .damaged, "schedule \(number) in \(path) has a spec that this Carillon cannot read", cause: error)
    }
    let judged = (row["judged_us"] as Int64?).map {
      InstantKey(Timestamp(microseconds: $0), slot: row["judged_slot"])
    }
    self.init(
      number: ScheduleNumber(raw: number), job: row["job"], spec: known,
      since: Timestamp(microseconds: row["since_us"]), judgedUpTo: judged,
      retiredAt: (row["retired_us"] as Int64?).map(Timestamp.init(microseconds:)))
  }
}

extension PauseRecord {
  fileprivate init(row: Row) {
    self.init(job: row["job"], since: Timestamp(microseconds: row["since_us"]), note: row["note"])
  }
}
