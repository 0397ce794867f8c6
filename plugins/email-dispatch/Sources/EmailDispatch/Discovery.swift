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
    func name(_ named: Named) throws {
      try sink.emit(key: named.key, .recipient(named.recipient))
      count += 1
      if count % 1_000 == 0 { run.progress(count) }
    }
    if let kept {
      for named in kept { try name(named) }
    } else {
      try source.forEach { values, place in
        let (key, recipient) = try Recipient.read(values, fields: config.recipients.fields, place: place)
        try name(Named(key: key, recipient: recipient))
      }
    }
    run.progress(count)
    if count == 0 { run.log.warning("there are no recipients: nothing is sent") }
  }

  private struct Named: Sendable {
    let key: String
    let recipient: Recipient
  }

  private struct Record: Sendable {
    let values: [String: Value]
    let place: String
  }

  /// What a batch of records came to: its recipients, its first mistakes, and how many there are.
  private struct Checked: Sendable {
    var recipients: [Named] = []
    var shown: [String] = []
    var mistakes = 0
  }

  private static let batchSize = 512

  /// So many batches, some hundred octets a record, are held at once while they are checked, and so many are kept.
  private static let maxBatchesInFlight = 8
  private static let maxBatchesKept = 32

  /// The mistakes, and the recipients of a list that is short; a longer one is read again. Reads while other threads check.
  private func look(_ source: RecordSource) throws -> (mistakes: [String], kept: [Named]?) {
    // As long as any other, and so as good or bad.
    let id = MessageID(run: run.id, item: "", domain: composer.messageDomain)
    let queue = DispatchQueue(label: "carillon.mail-check", attributes: .concurrent)
    let room = DispatchSemaphore(value: Self.maxBatchesInFlight)
    let group = DispatchGroup()
    let results = Guarded<[Checked]>([])
    var records: [Record] = []
    func check() throws {
      if run.isCancelled { throw CancellationError() }
      let batch = records
      records = []
      let number = results.withLock { results in
        results.append(Checked())
        return results.count - 1
      }
      room.wait()
      queue.async(group: group) {
        var checked = self.check(batch, id)
        if number >= Self.maxBatchesKept { checked.recipients = [] }
        let result = checked
        results.withLock { $0[number] = result }
        room.signal()
      }
    }
    defer { group.wait() }
    try source.forEach { values, place in
      records.append(Record(values: values, place: place))
      if records.count == Self.batchSize { try check() }
    }
    try check()
    group.wait()
    let batches = results.withLock { $0 }
    var shown = Array(batches.lazy.flatMap(\.shown).prefix(Self.shown))
    let count = batches.reduce(0) { $0 + $1.mistakes }
    if count > shown.count { shown.append("and \(count - shown.count) more") }
    return (shown, batches.count > Self.maxBatchesKept ? nil : batches.flatMap(\.recipients))
  }

  private func check(_ records: [Record], _ id: MessageID) -> Checked {
    var checked = Checked()
    checked.recipients.reserveCapacity(records.count)
    let now = Int64(Date().timeIntervalSince1970)
    for record in records {
      do throws(EmailDispatchError) {
        let (key, recipient) = try Recipient.read(record.values, fields: config.recipients.fields, place: record.place)
        do throws(EmailDispatchError) {
          try composer.check(recipient, id: id, atSeconds: now)
        } catch {
          throw EmailDispatchError(error.code, "\(record.place) (\(recipient.address)): \(error.message)")
        }
        checked.recipients.append(Named(key: key, recipient: recipient))
      } catch {
        checked.mistakes += 1
        if checked.shown.count < Self.shown { checked.shown.append(error.message) }
      }
    }
    return checked
  }

  private func summary(_ mistakes: [String]) -> String {
    for mistake in mistakes { run.log.error(mistake) }
    return mistakes.count == 1
      ? "nothing is sent: \(mistakes[0])" : "nothing is sent: \(mistakes[0]); and others, which the run's log lists"
  }
}
