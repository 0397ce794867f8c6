import AWSClient
import AWSOutcomes
package import CarillonPlugin
import FoundationEssentials
import RollupTables

/// Tables of what users did, out of files of events.
package struct AnalyticsRollupsPlugin: Plugin {
  package static let manifest = Manifest(
    id: "analytics-rollups", version: "1.0.0",
    summary: "Rolls files of activity events up into tables, funnels and alerts",
    // Each item keeps one core busy.
    maxInFlight: 1, itemTimeout: .seconds(4 * 3_600))

  private let config: RollupsConfig
  private let output: OutputFolder
  private let source: any InputSource
  private let publisher: Publisher
  private let maker: PartMaker

  package static func check(_ config: RollupsConfig) -> [Diagnostic] { config.diagnostics }

  package init(config: RollupsConfig) throws {
    self.config = config
    output = OutputFolder(config.output.folder)
    switch config.source {
    case .folder(let path):
      source = FolderInputs(
        path, endings: config.endings, leavingOut: [config.output.folder] + (config.archive.map { [$0.folder] } ?? []))
    case .s3(let bucket, let prefix):
      source = try S3Inputs(config.aws, bucket: bucket, prefix: prefix, endings: config.endings)
    }
    publisher = Publisher(output, try config.settings())
    maker = PartMaker(output.parts, archive: config.archive.map { Archive($0.folder) })
  }

  package func discover(_ run: RunContext, into sink: ItemSink<WorkItem>) async throws {
    if !run.isPlan { try output.parts.prepare() }
    var inputs: [ListedInput] = []
    try await source.list { input in
      guard input.path.utf8.count <= 900 else {
        run.log.error("\(input.path): the path is longer than 900 bytes; left out")
        return
      }
      inputs.append(input)
    }
    if inputs.isEmpty { run.log.warning("no input was found whose name ends with \(config.endings.joined(separator: " or "))") }
    if !run.isPlan { try Listing(output, run: run.id).write(inputs, in: output) }
    for input in inputs {
      let ranges = input.ranges
      // It may have been longer.
      if !run.isPlan { try output.parts.drop(of: input.path, from: ranges) }
      for index in 0..<ranges {
        try sink.emit(key: ranges == 1 ? input.path : "\(input.path)#\(index)", .range(input, index: index))
      }
    }
    try sink.emit(key: WorkItem.tablesKey, .tables, priority: -1_000)
  }

  package func process(_ item: ItemContext<WorkItem>) async throws -> Outcome {
    do {
      switch item.value {
      case .range(let input, let index): return try await read(input, index, item)
      case .tables: return try await makeTables(item)
      case .alerts(let alerts):
        for alert in alerts { try item.emitEvent(BurstAlert.eventType, alert) }
        return .succeeded
      }
    } catch let error as RollupsError {
      switch error.code {
      case .unreadable, .invalid: return .failed(error.message)
      case .changed: return .skipped(error.message)
      case .system: return .retry(error.message)
      }
    } catch let error as AWSError {
      return Outcome(error)
    }
  }

  private func read(_ input: ListedInput, _ index: Int, _ item: ItemContext<WorkItem>) async throws -> Outcome {
    if !config.verify, let facts = try maker.current(input.path, index, input.stamp) {
      return verdict(facts) ?? .skipped("unchanged")
    }
    if item.run.isPlan { return .planned(effect: ["read": item.key]) }
    let range = try await source.open(input, index, in: output.parts)
    defer {
      do throws { try source.close(range) } catch { item.log.warning("\(error)") }
    }
    switch try maker.make(range) {
    case .same(let facts): return verdict(facts) ?? .skipped("its contents are unchanged")
    case .made(let facts):
      if let failure = verdict(facts) { return failure }
      if facts.malformed > 0 { item.log.warning("\(facts.malformed) of \(facts.lines) lines are malformed") }
      return .succeeded(output: ["lines": facts.lines, "events": facts.events, "malformed": facts.malformed])
    }
  }

  /// Nil: the part counts.
  private func verdict(_ facts: PartFacts) -> Outcome? {
    if let flaw = facts.flaw { return .failed("\(facts.path): \(flaw); nothing of it counts") }
    guard !publisher.allows(facts) else { return nil }
    let first = facts.firstFlaw.map { "; the first: \($0)" } ?? ""
    let share =
      facts.events == 0
      ? "none of \(facts.lines) lines is an event"
      : "\(facts.malformed) of \(facts.lines) lines are malformed, more than the budget allows"
    return .failed("\(share)\(first); nothing of it counts, see \(output.deadLetters)")
  }

  private func makeTables(_ item: ItemContext<WorkItem>) async throws -> Outcome {
    if item.run.isPlan { return .planned(effect: ["write": output.tables]) }
    var waiting = Waiting(try Listing(output, run: item.run.id).read(), source, maker, output.parts)
    while let left = try waiting.left() {
      guard !waiting.isInVain else {
        return .skipped("\(left) ranges could not be read yet; the tables are made at the end of the run")
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    let publication = try await publisher.publish()
    let known = try AlertLedger(output).ids()
    let alerts = try publisher.bursts().map(BurstAlert.init).filter { !known.contains($0.id) }
    // An item has at most 64 events.
    for start in stride(from: 0, to: alerts.count, by: 64) {
      let some = Array(alerts[start..<min(start + 64, alerts.count)])
      try item.emit(key: "alerts/\(Hash.hex(of: some.map(\.id).joined()))", .alerts(some))
    }
    return .succeeded(output: publication)
  }

  package func finish(_ summary: RunSummary) async throws {
    guard !summary.run.isPlan else { return }
    // The tables are made already, unless a range failed or came late.
    var publication = try await publisher.publish()
    var report = RunReport(
      read: 0, unchanged: 0, failed: 0, ranges: publication.inputs, rejected: publication.rejected,
      malformedLines: publication.malformed, tables: output.tables)
    var told: [String] = []
    for try await result in summary.results {
      switch try JSONDecoder().decode(WorkItem.self, from: Data(result.payload)) {
      case .range:
        switch result.kind {
        case .succeeded: report.read += 1
        case .skipped: report.unchanged += 1
        case .failed: report.failed += 1
        }
      case .tables:
        if let made = try result.output(as: Publication.self), made.isNew { publication = made }
      case .alerts(let alerts): if result.kind == .succeeded { told += alerts.map(\.id) }
      }
    }
    let ledger = AlertLedger(output)
    try ledger.add(told)
    let known = try ledger.ids()
    let late = try publisher.bursts().map(BurstAlert.init).filter { !known.contains($0.id) }
    for alert in late { try summary.emitEvent(BurstAlert.eventType, alert) }
    try ledger.add(late.map(\.id))
    if publication.isNew {
      (report.users, report.events, report.duplicates) = (publication.users, publication.events, publication.duplicates)
    }
    if let archive = config.archive, let days = archive.keepDays {
      let now = summary.run.dueAt ?? summary.run.startedAt
      let hour = Int64(now.timeIntervalSince1970 / 3_600) - Int64(days) * 24
      report.archivedFilesRemoved = try Archive(archive.folder).removeHours(before: hour)
    }
    try Listing(output, run: summary.run.id).remove()
    try await summary.report(report)
  }
}
