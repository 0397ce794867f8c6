import ControlAPI
import Cron
import JobModel

/// The answers of `carillon why`.
struct WhyAnswer {
  /// So many instants are told of in sentences; more of them in a table.
  private static let toldInWords = 3

  let job: String
  let control: any Control
  let zone: ZoneRules
  let console: Console
  let isJSON: Bool
  var now = Timestamp.systemNow()

  private struct Document: Encodable {
    var job: String
    var from: String?
    var to: String?
    var pause: PauseDocument?
    var instants: [InstantDocument]
    /// Due instants without a row in the ledger.
    var unrecorded: [String]?
    var before: String?
    var after: String?
    var nextDueAt: String?
  }

  // MARK: The last ones

  func last(_ limit: Int, fates: [String]) async throws {
    var request = InstantsRequest()
    request.job = job
    request.fates = fates
    request.limit = limit
    let page = try await control.instants(request)
    let document = try await self.document(mayBeGone: !page.instants.isEmpty)
    if isJSON {
      return try console.print(
        json: Document(
          job: job, pause: document?.pause, instants: page.instants, nextDueAt: document?.nextDueAt))
    }
    try tellPause(document)
    if page.instants.isEmpty {
      let isScheduled = document?.schedules.isEmpty == false
      try console.print(
        !fates.isEmpty
          ? "no instant of \(job) has that fate"
          : isScheduled
            ? "nothing of \(job) has come due since a daemon knows it"
            : "job \(job) has no schedule: it runs when somebody asks for it")
    } else {
      try await table(page.instants.reversed())
    }
    if let next = document?.nextDueAt.flatMap(Timestamp.init(iso8601:)) {
      try console.print(
        "next due   \(LocalText.full(next, zone))  \(Words.relative(next, to: now))\(document?.pause == nil ? "" : ", but paused")"
      )
    }
  }

  /// The job in force; nil when it is gone and only the ledger knows it.
  private func document(mayBeGone: Bool) async throws(ControlError) -> JobDocument? {
    do throws(ControlError) {
      return try await control.job(job)
    } catch {
      guard mayBeGone, error.code == .notFound || error.code == .invalid else { throw error }
      StandardStream.error.write("note: \(error.message)\n")
      return nil
    }
  }

  private func tellPause(_ document: JobDocument?) throws(CommandError) {
    guard let pause = document?.pause else { return }
    let note = pause.note.isEmpty ? "" : ": \(Words.printable(pause.note))"
    try console.print(console.colored("paused", .yellow) + "     since \(Words.instant(pause.since, now: now))\(note)")
  }

  private func table(_ rows: some Sequence<InstantDocument>) async throws {
    let rows = Array(rows)
    let showsSchedule = Set(rows.map(\.schedule)).count > 1
    var table = Table(
      [.init("DUE (\(zone.identifier))"), .init("FATE")] + (showsSchedule ? [.init("SCHEDULE", shrinks: true)] : [])
        + [.init("RUN"), .init("", shrinks: true)])
    for row in rows {
      let fate = InstantFate(name: row.fate)
      var due = local(row.dueAt)
      if let last = row.lastDueAt { due = "\(Words.count(row.count, "instant")), \(due) to \(local(last))" }
      table.add(
        [due, fate?.word ?? row.fate] + (showsSchedule ? [row.schedule] : [])
          + [row.run ?? "", try await remark(row)], colors: fate.map { [1: $0.color] } ?? [:])
    }
    for line in table.lines(console) { try console.print(line) }
  }

  /// How the run came out, how late it was made, and what the scheduler noted.
  private func remark(_ row: InstantDocument) async throws(ControlError) -> String {
    var words: [String] = []
    if let run = row.run { words.append(try await outcome(of: run)) }
    if InstantFate(name: row.fate)?.hasRun == true, row.run == nil { words.append("its run has been pruned") }
    if let late = lateness(row) { words.append("\(late) late") }
    if let note = row.note { words.append(note) }
    return words.joined(separator: "; ")
  }

  private func outcome(of run: String) async throws(ControlError) -> String {
    do throws(ControlError) {
      let run = try await control.run(run)
      return run.stateWords + (run.took.map { " after \(Words.duration($0))" } ?? "")
    } catch {
      guard error.code == .notFound else { throw error }
      return "its run has been pruned"
    }
  }

  /// nil: it was on time, or no run was made for it.
  private func lateness(_ row: InstantDocument) -> String? {
    let fate = InstantFate(name: row.fate)
    guard fate == .fired || fate == .caughtUp, let due = Timestamp(iso8601: row.dueAt),
      let judged = Timestamp(iso8601: row.judgedAt), judged - due >= .seconds(1)
    else { return nil }
    return Words.duration(judged - due)
  }

  private func local(_ text: String) -> String { Timestamp(iso8601: text).map { LocalText.full($0, zone) } ?? text }

  // MARK: One time

  func about(_ time: TimeText.Reading, text: String, limit: Int) async throws {
    let (from, to) = (time.instant, time.instant + time.precision)
    let document: JobDocument?
    do throws(ControlError) {
      document = try await control.job(job)
    } catch {
      guard error.code == .notFound, try await isInLedger() else { throw error }
      StandardStream.error.write("note: \(error.message); the ledger knows it\n")
      document = nil
    }
    let search = InstantSearch(job: job, control: control, plan: try document.map { (document) in try JobPlan(document) })
    let found = try await search.instants(from: from, to: to)
    let before = found.isEmpty ? try await search.before(from) : nil
    let after = found.isEmpty ? try await search.after(from) : nil
    if isJSON {
      return try console.print(
        json: Document(
          job: job, from: from.iso8601, to: to.iso8601, pause: document?.pause, instants: found.compactMap(\.row),
          unrecorded: found.filter { $0.row == nil }.map(\.due.iso8601), before: before?.due.iso8601, after: after?.due.iso8601,
          nextDueAt: document?.nextDueAt))
    }
    if found.isEmpty { return try await tellNone(time, before, after, document) }
    if found.count > Self.toldInWords {
      try await table(found.compactMap(\.row).uniqueRows.prefix(limit))
      let others = found.count { $0.row == nil }
      if others > 0 {
        try console.print("\(Words.count(others, "due instant")) of that time \(others == 1 ? "is" : "are") not in the ledger")
      }
      return
    }
    for instant in found { try await tell(instant, document) }
  }

  private func isInLedger() async throws(ControlError) -> Bool {
    var request = InstantsRequest()
    request.job = job
    request.limit = 1
    return try await !control.instants(request).instants.isEmpty
  }

  private func tell(_ found: InstantSearch.Found, _ document: JobDocument?) async throws {
    let fate = found.row.flatMap { InstantFate(name: $0.fate) }
    try console.print(
      "\(LocalText.full(found.due, zone))  "
        + console.colored(fate?.word ?? found.row?.fate ?? unrecordedWord(found), fate?.color ?? .yellow))
    try console.print("  " + (fate?.sentence ?? unrecordedSentence(found, document)))
    if let remark = found.planned?.remark { try console.print("  clocks     \(remark)") }
    guard let row = found.row else { return }
    if let last = row.lastDueAt {
      try console.print(
        "  stretch    one of \(Words.count(row.count, "instant")) from \(local(row.dueAt)) to \(local(last)) with this fate")
    }
    if let run = row.run { try console.print("  run        \(run): \(try await outcome(of: run))") }
    if fate?.hasRun == true, row.run == nil { try console.print("  run        it has been pruned since") }
    if let note = row.note { try console.print("  note       \(Words.printable(note))") }
    try console.print(
      "  judged     \(Words.instant(row.judgedAt, now: now))" + (lateness(row).map { ", \($0) after it was due" } ?? ""))
    if found.planned == nil { try console.print("  schedule   \(row.schedule), which is no longer so in the job's file") }
  }

  private func unrecordedWord(_ found: InstantSearch.Found) -> String {
    found.planned?.occurrence.isDue == false ? "not due" : found.due > now ? "not due yet" : "not in the ledger"
  }

  private func unrecordedSentence(_ found: InstantSearch.Found, _ document: JobDocument?) -> String {
    if found.planned?.occurrence.isDue == false { return "A change of the clocks takes it away." }
    if found.due > now {
      return "It is due \(Words.relative(found.due, to: now))\(document?.pause == nil ? "" : ", but the job is paused")."
    }
    return "The schedule says so now, but no daemon knew it then, or the row has been pruned, or no daemon has run since."
  }

  private func tellNone(
    _ time: TimeText.Reading, _ before: InstantSearch.Found?, _ after: InstantSearch.Found?, _ document: JobDocument?
  ) async throws {
    let span =
      time.precision > .seconds(60)
      ? "on the day of \(LocalText.full(time.instant, zone))" : "at \(LocalText.full(time.instant, zone))"
    if document?.schedules.isEmpty == true {
      return try console.print("job \(job) has no schedule: it runs when somebody asks for it")
    }
    try console.print("\(job) was not due \(span)".replacing("was not", with: time.instant > now ? "is not" : "was not"))
    if let before { try console.print("  before     \(try await line(before))") }
    if let after { try console.print("  after      \(try await line(after))") }
  }

  private func line(_ found: InstantSearch.Found) async throws -> String {
    let fate = found.row.flatMap { InstantFate(name: $0.fate) }
    var words = "\(LocalText.full(found.due, zone))  "
    words += console.colored(fate?.word ?? unrecordedWord(found), fate?.color ?? .yellow)
    if let run = found.row?.run { words += "  \(run): \(try await outcome(of: run))" }
    if found.row == nil, found.due > now { words += "  \(Words.relative(found.due, to: now))" }
    return words
  }
}

extension [InstantDocument] {
  /// Without the repeats of a stretch that several instants share.
  fileprivate var uniqueRows: [InstantDocument] {
    var seen: Set<String> = []
    return filter { seen.insert($0.cursor).inserted }
  }
}
