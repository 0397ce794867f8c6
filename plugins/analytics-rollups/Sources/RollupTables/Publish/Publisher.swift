import Cron
import FoundationEssentials

/// Where everything of an output is.
package struct OutputFolder: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  package var tables: String { "\(path)/rollups.db" }
  package var deadLetters: String { "\(path)/dead-letters.ndjson" }
  package var parts: PartFolder { PartFolder("\(path)/parts") }
  var lock: String { "\(path)/lock" }
}

/// What a publication came to.
package struct Publication: Codable, Hashable, Sendable {
  /// False: the tables were those of these parts and settings already.
  package var isNew: Bool
  package var inputs: Int
  package var rejected: Int
  package var malformed: Int64
  package var users: Int64 = 0
  package var events: Int64 = 0
  package var duplicates: Int64 = 0
}

/// Makes the tables of all parts: a new file, renamed over the old one.
package struct Publisher: Sendable {
  private let output: OutputFolder
  private let settings: RollupSettings
  /// So many runs are merged at once; each takes a file and a buffer.
  var maxRuns = 256

  package init(_ output: OutputFolder, _ settings: RollupSettings) {
    self.output = output
    self.settings = settings
  }

  /// The part's events count. Malformed lines are within the budget.
  package func allows(_ facts: PartFacts) -> Bool { settings.budget.allows(facts) }

  /// The bursts of the tables that are there, in the order of time. Throws `system`.
  package func bursts() throws -> [Alert] {
    guard SystemFile.exists(output.tables) else { return [] }
    let rows = try SQLiteFile(output.tables, isReadOnly: true).prepare(TablesSQL.bursts)
    var alerts: [Alert] = []
    while try rows.nextRow() {
      alerts.append(
        Alert(
          kind: .burst, user: rows.text(0), atUs: rows.number(1), untilUs: rows.number(2), detail: "", value: rows.number(3)))
    }
    return alerts
  }

  /// Makes the tables unless they are there. One process at a time does; others wait. Throws `invalid`, `system`.
  package func publish() async throws -> Publication {
    try SystemFile.makeFolders(output.path)
    let lock = try SystemFile.open(output.lock) ?? SystemFile.create(output.lock)
    _ = try lock.lock(waits: true)
    defer { extendLifetime(lock) }
    let all = try output.parts.all()
    let inputs = all.map { InputRow(facts: $0.facts, isCounted: settings.budget.allows($0.facts)) }
    let parts = zip(all, inputs).filter(\.1.isCounted).map(\.0)
    let digest = digest(inputs)
    var publication = Publication(
      isNew: false, inputs: all.count, rejected: all.count - parts.count,
      malformed: inputs.reduce(0) { $0 + $1.facts.malformed })
    if try publishedDigest() == digest { return publication }
    try DeadLetterFile(output.deadLetters).write(all.map(\.facts))
    let totals = try await write(parts, inputs, digest)
    publication.isNew = true
    (publication.users, publication.events, publication.duplicates) = (totals.users, totals.events, totals.duplicates)
    return publication
  }

  private func write(_ parts: [PartFile], _ inputs: [InputRow], _ digest: String) async throws -> Totals {
    for ending in ["-wal", "-journal"] where SystemFile.exists(output.tables + ending) {
      throw RollupsError(
        .system, "\(output.tables)\(ending) is there: something writes to the tables, which are only for reading; end it")
    }
    let passing = output.tables + ".new"
    for ending in ["", "-journal", "-wal"] { try SystemFile.remove(passing + ending) }
    var groups = try RunGroups(in: output.path, maxRuns: maxRuns)
    do {
      let parts = try groups.reduce(parts)
      var (totals, contested) = try await write(parts, inputs, digest, passing, nil)
      if !contested.isEmpty {
        try SystemFile.remove(passing)
        (totals, _) = try await write(parts, inputs, digest, passing, OwnerBook(contested, in: parts))
      }
      try groups.remove()
      if let file = try SystemFile.open(passing) { try file.sync() }
      try SystemFile.move(passing, over: output.tables)
      return totals
    } catch {
      try SystemFile.remove(passing)
      throw error
    }
  }

  private func write(
    _ parts: [PartFile], _ inputs: [InputRow], _ digest: String, _ path: String, _ owners: OwnerBook?
  ) async throws -> (totals: Totals, contested: Set<UInt64>) {
    let fold = try Fold(parts, settings, owners: owners, folder: output.path)
    let writer = try TablesWriter(path)
    var batch = try await fold.next()
    while let rows = batch {
      try Task.checkCancellation()
      async let next = fold.next()
      try writer.write(rows)
      batch = try await next
    }
    async let contested = fold.contested()
    let totals = await fold.totals
    try writer.write(totals, settings)
    try writer.write(meta(totals), inputs, digest: digest)
    try writer.commit()
    return (totals, try await contested)
  }

  private func publishedDigest() throws -> String? {
    guard SystemFile.exists(output.tables) else { return nil }
    let file = try SQLiteFile(output.tables, isReadOnly: true)
    do {
      let statement = try file.prepare(TablesSQL.digest)
      return try statement.nextRow() ? statement.text(0) : nil
    } catch {
      // Not our file, or a damaged one: it is made anew.
      return nil
    }
  }

  /// Of all that the tables depend on.
  private func digest(_ inputs: [InputRow]) -> String {
    var text = "\(TablesSQL.version) \(PartFacts.format) \(settingsText)\n"
    for input in inputs {
      text += "\(input.isCounted) \(input.facts.index) \(input.facts.contentHash) \(input.facts.path)\n"
    }
    return Hash.hex(of: text)
  }

  private var settingsText: String { meta(Totals()).map { "\($0.key)=\($0.value)" }.joined(separator: "\n") }

  private func meta(_ totals: Totals) -> [(key: String, value: String)] {
    let thresholds = settings.thresholds
    return [
      ("burst", "more than \(thresholds.burstEvents) in \(thresholds.burstSeconds) s"),
      ("events", String(totals.events)),
      ("funnels", settings.funnels.map { "\($0.name): \($0.steps.joined(separator: " > "))" }.joined(separator: "; ")),
      ("large_purchase", "above \(Cents.text(thresholds.largePurchaseCents))"),
      ("new_country", "not seen for \(thresholds.newCountryDays) days"),
      ("schema", String(TablesSQL.version)),
      ("unique_counts", "exact"),
      ("users", String(totals.users)),
      ("week_start", ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"][settings.weekStart]),
      ("zone", settings.zone.identifier),
    ]
  }
}
