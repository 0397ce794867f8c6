import CarillonPlugin
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
    let mistakes = try mistakes(source)
    guard mistakes.isEmpty else { throw EmailDispatchError(.template, summary(mistakes)) }
    var count: UInt64 = 0
    try source.forEach { values, place in
      let (key, recipient) = try Recipient.read(values, fields: config.recipients.fields, place: place)
      try sink.emit(key: key, .recipient(recipient))
      count += 1
      if count % 1_000 == 0 { run.progress(count) }
    }
    run.progress(count)
    if count == 0 { run.log.warning("there are no recipients: nothing is sent") }
  }

  private func mistakes(_ source: RecordSource) throws -> [String] {
    var found: [String] = []
    var count = 0
    let now = Int64(Date().timeIntervalSince1970)
    // As long as any other, and so as good or bad.
    let id = MessageID(run: run.id, item: "", domain: composer.messageDomain)
    try source.forEach { values, place in
      if run.isCancelled { throw CancellationError() }
      do {
        let (_, recipient) = try Recipient.read(values, fields: config.recipients.fields, place: place)
        do {
          try composer.check(recipient, id: id, atSeconds: now)
        } catch let error as EmailDispatchError {
          throw EmailDispatchError(error.code, "\(place) (\(recipient.address)): \(error.message)")
        }
      } catch let error as EmailDispatchError {
        count += 1
        if found.count < Self.shown { found.append(error.message) }
      }
    }
    if count > found.count { found.append("and \(count - found.count) more") }
    return found
  }

  private func summary(_ mistakes: [String]) -> String {
    for mistake in mistakes { run.log.error(mistake) }
    return mistakes.count == 1
      ? "nothing is sent: \(mistakes[0])" : "nothing is sent: \(mistakes[0]); and others, which the run's log lists"
  }
}
