internal import GRDB
package import JobModel

extension SQLiteStore: ScheduleStore {
  package func setSchedules(
    _ schedules: [NewSchedule], at: Timestamp
  ) async throws(StoreError) -> [ScheduleStanding] {
    try await writer.write("setting the schedules", rows: schedules.count) { context in
      let db = context.db
      var gone: [Int64] = []
      var standings = try Self.compare(schedules, in: db) { row, isWanted in
        if !isWanted { gone.append(row["number"]) }
      }
      let (keep, put) = (try db.cachedStatement(sql: ScheduleSQL.keepRule), try db.cachedStatement(sql: ScheduleSQL.put))
      for (index, schedule) in schedules.enumerated() where standings[index] == nil {
        let spec = String(decoding: schedule.spec, as: UTF8.self)
        try keep.execute(arguments: ["job": schedule.job, "name": schedule.name])
        standings[index] = try Row.fetchOne(
          put, arguments: ["job": schedule.job, "name": schedule.name, "spec": spec, "at": at.microseconds]
        ).map(ScheduleStanding.init(row:))
      }
      let retire = try db.cachedStatement(sql: ScheduleSQL.retire)
      for number in gone { try retire.execute(arguments: ["at": at.microseconds, "number": number]) }
      return standings.compactMap { $0 }
    }
  }

  package func compare(_ schedules: [NewSchedule]) async throws(StoreError) -> ScheduleComparison {
    let path = directory.databasePath
    return try await peopleReader.read("comparing schedules") { db in
      var others: [ScheduleRecord] = []
      let same = try Self.compare(schedules, in: db) { row, _ in others.append(try ScheduleRecord(row: row, path: path)) }
      return ScheduleComparison(same: same, others: others)
    }
  }

  /// How those that are the same stand; the rows of the others go to `body`, with whether another of that job and name is wanted.
  private static func compare(
    _ schedules: [NewSchedule], in db: Database, _ body: (Row, _ isWanted: Bool) throws -> Void
  ) throws -> [ScheduleStanding?] {
    let places = Dictionary(
      zip(schedules.lazy.map(ScheduleKey.init), schedules.indices), uniquingKeysWith: { first, _ in first })
    var same = [ScheduleStanding?](repeating: nil, count: schedules.count)
    let rows = try Row.fetchCursor(db, sql: ScheduleSQL.inForce)
    while let row = try rows.next() {
      let place = places[ScheduleKey(job: row["job"], name: row["name"])]
      if let place, (row["spec"] as String).utf8.elementsEqual(schedules[place].spec) {
        same[place] = ScheduleStanding(row: row)
      } else {
        try body(row, place != nil)
      }
    }
    return same
  }

  package func standings() async throws(StoreError) -> [ScheduleStanding] {
    try await peopleReader.read("reading how schedules stand") { db in
      let rows = try Row.fetchCursor(db, sql: ScheduleSQL.inForce)
      var standings: [ScheduleStanding] = []
      while let row = try rows.next() { standings.append(ScheduleStanding(row: row)) }
      return standings
    }
  }

  package func schedules(job: String?, includesRetired: Bool) async throws(StoreError) -> [ScheduleRecord] {
    let path = directory.databasePath
    return try await peopleReader.read("listing schedules") { db in
      let arguments: StatementArguments = job.map { ["job": $0] } ?? StatementArguments()
      return try Row.fetchAll(
        db, sql: ScheduleSQL.list(ofJob: job != nil, includesRetired: includesRetired), arguments: arguments
      ).map { try ScheduleRecord(row: $0, path: path) }
    }
  }

  package func pastRules(job: String) async throws(StoreError) -> [PastRule] {
    let path = directory.databasePath
    return try await peopleReader.read("reading what schedules said before") { db in
      try Row.fetchAll(db, sql: ScheduleSQL.pastRules, arguments: [job]).map { row in
        let number: Int64 = row["schedule"]
        return PastRule(
          schedule: ScheduleNumber(raw: number), spec: try ScheduleRecord.spec(of: row, number, path: path),
          since: Timestamp(microseconds: row["since_us"]), judgedUpTo: Timestamp(microseconds: row["judged_us"]))
      }
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

  init(_ schedule: NewSchedule) { self.init(job: schedule.job, name: schedule.name) }
}

extension ScheduleStanding {
  fileprivate init(row: Row) {
    self.init(
      number: ScheduleNumber(raw: row["number"]), since: Timestamp(microseconds: row["since_us"]),
      judgedUpTo: (row["judged_us"] as Int64?).map { InstantKey(Timestamp(microseconds: $0), slot: row["judged_slot"]) })
  }
}

extension ScheduleRecord {
  fileprivate init(row: Row, path: String) throws {
    let number: Int64 = row["number"]
    let spec = try Self.spec(of: row, number, path: path)
    let standing = ScheduleStanding(row: row)
    self.init(
      number: standing.number, job: row["job"], spec: spec, since: standing.since, judgedUpTo: standing.judgedUpTo,
      retiredAt: (row["retired_us"] as Int64?).map(Timestamp.init(microseconds:)))
  }

  fileprivate static func spec(of row: Row, _ number: Int64, path: String) throws -> ScheduleSpec {
    do {
      return try JSONColumn.decode(ScheduleSpec.self, row["spec"])
    } catch {
      throw StoreError(
        .damaged, "schedule \(number) in \(path) has a spec that this Carillon cannot read", cause: error)
    }
  }
}

extension PauseRecord {
  fileprivate init(row: Row) {
    self.init(job: row["job"], since: Timestamp(microseconds: row["since_us"]), note: row["note"])
  }
}
