import Cron

/// Writes a new file of tables. Nobody else has it open.
final class TablesWriter {
  private let file: SQLiteFile
  private let userHour: SQLiteFile.Statement
  private let userDay: SQLiteFile.Statement
  private let alert: SQLiteFile.Statement
  private var days = DayTexts()

  /// Throws `system`.
  init(_ path: String) throws(RollupsError) {
    file = try SQLiteFile(path)
    try file.run(TablesSQL.pragmas)
    try file.run("BEGIN")
    try file.run(TablesSQL.schema)
    userHour = try file.prepare(TablesSQL.insertUserHour)
    userDay = try file.prepare(TablesSQL.insertUserDay)
    alert = try file.prepare(TablesSQL.insertAlert)
  }

  /// Adds a batch's rows. Throws `system`.
  func write(_ batch: RowBatch) throws(RollupsError) {
    try batch.names.withUnsafeBufferPointer { names throws(RollupsError) in
      for row in batch.hours {
        userHour.bind(1, staying: Self.name(row, names))
        userHour.bind(2, row.bucket)
        try finish(userHour, row)
      }
      for row in batch.days {
        userDay.bind(1, staying: Self.name(row, names))
        userDay.bind(2, staying: days.bytes(row.bucket))
        try finish(userDay, row)
      }
    }
    for row in batch.alerts { try write(row) }
  }

  @inline(__always)
  private static func name(_ row: UserRow, _ names: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: names[Int(row.nameStart)..<Int(row.nameStart + row.nameCount)])
  }

  @inline(__always)
  private func finish(_ statement: SQLiteFile.Statement, _ row: UserRow) throws(RollupsError) {
    bind(row.counts, to: statement, from: 3)
    statement.bind(10, row.lastUs)
    try statement.step()
  }

  @inline(__always)
  private func bind(_ counts: Counts, to statement: SQLiteFile.Statement, from first: Int32) {
    statement.bind(first, counts.events)
    statement.bind(first + 1, counts.pageViews)
    statement.bind(first + 2, counts.clicks)
    statement.bind(first + 3, counts.purchases)
    statement.bind(first + 4, counts.signups)
    statement.bind(first + 5, counts.sessions)
    statement.bind(first + 6, counts.revenueCents)
  }

  private func write(_ row: Alert) throws(RollupsError) {
    alert.bind(1, row.kind.rawValue)
    alert.bind(2, row.user)
    alert.bind(3, row.atUs)
    alert.bind(4, row.detail)
    alert.bind(5, row.kind.severity)
    alert.bind(6, row.untilUs)
    alert.bind(7, row.value)
    try alert.step()
  }

  /// Adds what is known when all users are folded. Throws `system`.
  func write(_ totals: Totals, _ settings: RollupSettings) throws(RollupsError) {
    try write(totals.hours, TablesSQL.insertHourly, from: 3) { statement, hour in
      let seconds = hour + Int64(settings.zone.offset(at: hour))
      statement.bind(1, hour)
      let hourOfDay = Int(seconds.remainder(86_400) / 3_600)
      statement.bind(2, "\(days.text((seconds - seconds.remainder(86_400)) / 86_400)) \(CivilDay.two(hourOfDay)):00")
    }
    try write(totals.days, TablesSQL.insertDaily, from: 2) { $0.bind(1, days.text($1)) }
    try write(totals.weeks, TablesSQL.insertWeekly, from: 2) { $0.bind(1, days.text($1)) }
    let live = try file.prepare(TablesSQL.insertLive)
    for (at, stretch) in totals.live.sorted(by: { $0.key < $1.key }) {
      live.bind(1, at)
      live.bind(2, stretch.users)
      live.bind(3, stretch.requests)
      try live.step()
    }
    try write(totals.funnels, settings.funnels)
  }

  private func write(
    _ totals: [Int64: Total], _ sql: String, from first: Int32, key: (SQLiteFile.Statement, Int64) -> Void
  ) throws(RollupsError) {
    let statement = try file.prepare(sql)
    for (bucket, total) in totals.sorted(by: { $0.key < $1.key }) {
      key(statement, bucket)
      bind(total.counts, to: statement, from: first)
      statement.bind(first + 7, total.activeUsers)
      statement.bind(first + 8, total.visitors)
      statement.bind(first + 9, total.counts.converted)
      try statement.step()
    }
  }

  private func write(_ totals: [FunnelKey: Int64], _ funnels: [Funnel]) throws(RollupsError) {
    let statement = try file.prepare(TablesSQL.insertFunnel)
    // A day on which a session began has all steps, those with nobody in them too.
    let began = Set(totals.keys.map { FunnelKey(funnel: $0.funnel, day: $0.day, step: 0) })
    for first in began.sorted(by: { ($0.funnel, $0.day) < ($1.funnel, $1.day) }) {
      for (step, type) in funnels[first.funnel].steps.enumerated() {
        statement.bind(1, funnels[first.funnel].name)
        statement.bind(2, days.text(first.day))
        statement.bind(3, Int64(step) + 1)
        statement.bind(4, type)
        statement.bind(5, totals[FunnelKey(funnel: first.funnel, day: first.day, step: step)] ?? 0)
        try statement.step()
      }
    }
  }

  /// Adds what the tables were made of. Throws `system`.
  func write(_ meta: [(key: String, value: String)], _ inputs: [InputRow], digest: String) throws(RollupsError) {
    let metaRow = try file.prepare(TablesSQL.insertMeta)
    for (key, value) in meta {
      metaRow.bind(1, key)
      metaRow.bind(2, value)
      try metaRow.step()
    }
    let input = try file.prepare(TablesSQL.insertInput)
    for row in inputs {
      input.bind(1, row.facts.path)
      input.bind(2, Int64(row.facts.index))
      input.bind(3, row.facts.contentHash)
      input.bind(4, row.facts.lines)
      input.bind(5, row.facts.events)
      input.bind(6, row.facts.malformed)
      input.bind(7, row.isCounted ? 1 : 0)
      try input.step()
    }
    let publication = try file.prepare(TablesSQL.insertPublication)
    publication.bind(1, digest)
    try publication.step()
  }

  /// Ends the file; all of it is in the kernel's hands then. Throws `system`.
  func commit() throws(RollupsError) { try file.run("COMMIT") }
}

/// A range as the table `input` shows it.
struct InputRow {
  var facts: PartFacts
  /// Its malformed lines are within the budget.
  var isCounted: Bool
}

/// Days as texts, each made once.
private final class DayTexts {
  private var known: [Int64: UnsafeMutableBufferPointer<UInt8>] = [:]

  deinit { for text in known.values { text.deallocate() } }

  /// Until this is gone.
  func bytes(_ day: Int64) -> UnsafeBufferPointer<UInt8> {
    if let text = known[day] { return UnsafeBufferPointer(text) }
    let bytes = Array(CivilDay(Int(day)).text.utf8)
    let text = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = text.initialize(from: bytes)
    known[day] = text
    return UnsafeBufferPointer(text)
  }

  func text(_ day: Int64) -> String { String(decoding: bytes(day), as: UTF8.self) }
}
