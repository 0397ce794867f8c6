import CarillonPlugin
import Dispatch
import FoundationEssentials
import MailMessage

/// Names the recipients of a run, but only when every one of them can be written to.
struct Discovery {
  let config: MailConfig
  let composer: Composer
  let run: RunContext
  let sink: ItemSink<MailItem>

  /// So many mistakes are shown; all are counted.
  private static let shown = 20

  /// Two passes: in the first every message is made as far as it can go wrong, in the second they are named.
  func name() throws {
    let source = RecordSource(config.recipients, event: run.event)
    let (mistakes, kept) = try look(source)
    guard mistakes.isEmpty else { throw EmailDispatchError(.template, summary(mistakes)) }
    var count: UInt64 = 0
    func name(_ record: Record) throws {
      let (key, recipient) = try Recipient.read(record.values, fields: config.recipients.fields, place: record.place)
      try sink.emit(key: key, .recipient(recipient))
      count += 1
      if count % 1_000 == 0 { run.progress(count) }
    }
    if let kept {
      for record in kept { try name(record) }
    } else {
      try source.forEach { try name(Record(values: $0, place: $1)) }
    }
    run.progress(count)
    if count == 0 { run.log.warning("there are no recipients: nothing is sent") }
  }

  /// The mistakes, and the records of a list that is short; a longer one is read again.
  private func look(_ source: RecordSource) throws -> (mistakes: [String], kept: [Record]?) {
    var found = Found()
    // As long as any other, and so as good or bad.
    let id = MessageID(run: run.id, item: "", domain: composer.messageDomain)
    var records: [Record] = []
    var kept: [Record]? = []
    func check() throws {
      if run.isCancelled { throw CancellationError() }
      found.add(self.check(records, id))
      if let count = kept?.count, count + records.count <= Self.maxKept {
        kept?.append(contentsOf: records)
      } else {
        kept = nil
      }
      records.removeAll(keepingCapacity: true)
    }
    try source.forEach { values, place in
      records.append(Record(values: values, place: place))
      if records.count == Self.together { try check() }
    }
    try check()
    if found.count > found.shown.count { found.shown.append("and \(found.count - found.shown.count) more") }
    return (found.shown, kept)
  }

  /// About so many records of some hundred octets are a few megabytes.
  private static let maxKept = 16_384

  /// So many records are held, and checked on all cores.
  private static let together = 2_048
  private static let slice = 128

  private struct Record: Sendable {
    let values: [String: Value]
    let place: String
  }

  /// Mistakes: the first of them, and how many there are.
  private struct Found: Sendable {
    var shown: [String] = []
    var count = 0

    mutating func add(_ other: Found) {
      count += other.count
      shown += other.shown.prefix(max(0, Discovery.shown - shown.count))
    }
  }

  /// In the records' order.
  private func check(_ records: [Record], _ id: MessageID) -> Found {
    let slices = (records.count + Self.slice - 1) / Self.slice
    let results = Guarded(Array(repeating: Found(), count: slices))
    DispatchQueue.concurrentPerform(iterations: slices) { number in
      let start = number * Self.slice
      let found = check(slice: records[start..<min(start + Self.slice, records.count)], id)
      results.withLock { $0[number] = found }
    }
    return results.withLock { $0.reduce(into: Found()) { $0.add($1) } }
  }

  private func check(slice records: ArraySlice<Record>, _ id: MessageID) -> Found {
    var found = Found()
    let now = Int64(Date().timeIntervalSince1970)
    for record in records {
      do throws(EmailDispatchError) {
        let (_, recipient) = try Recipient.read(record.values, fields: config.recipients.fields, place: record.place)
        do throws(EmailDispatchError) {
          try composer.check(recipient, id: id, atSeconds: now)
        } catch {
          throw EmailDispatchError(error.code, "\(record.place) (\(recipient.address)): \(error.message)")
        }
      } catch {
        found.count += 1
        if found.shown.count < Self.shown { found.shown.append(error.message) }
      }
    }
    return found
  }

  private func summary(_ mistakes: [String]) -> String {
    for mistake in mistakes { run.log.error(mistake) }
    return mistakes.count == 1
      ? "nothing is sent: \(mistakes[0])" : "nothing is sent: \(mistakes[0]); and others, which the run's log lists"
  }
}
