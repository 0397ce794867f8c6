package import CarillonPlugin
import FoundationEssentials
import MailMessage

/// Sends a mail to each recipient, once.
package struct EmailDispatchPlugin: Plugin {
  package static let manifest = Manifest(
    id: "email-dispatch", version: "1.0.0", summary: "Sends a mail from templates to each recipient, once",
    // They wait for servers, and for one transaction of the mail log together.
    maxInFlight: 128, workers: 1,
    // A server may take ten minutes for each reply.
    itemTimeout: .seconds(3_600))

  private let config: MailConfig
  private let composer: Result<Composer, EmailDispatchError>

  /// Made when something is to be sent: a plan leaves no file behind.
  private let office = Guarded<Office?>(nil)

  private let reader = Guarded<MailLogReader?>(nil)

  private struct Office: Sendable {
    let log: MailLog
    let dispatcher: Dispatcher
  }

  package static func check(_ config: MailConfig) -> [Diagnostic] { config.diagnostics }

  package init(config: MailConfig) throws {
    self.config = config
    do throws(EmailDispatchError) {
      composer = .success(try Composer(config))
    } catch {
      // A run that cannot begin says so once, as its one item: a worker that does not start would be started again and again.
      composer = .failure(error)
    }
  }

  /// The log as a plan sees it; nil: there is none yet.
  private func openReader() throws -> MailLogReader? {
    try reader.withLock { reader in
      if reader == nil, FileManager.default.fileExists(atPath: config.log) { reader = try MailLogReader(config.log) }
      return reader
    }
  }

  private func openOffice() throws -> Office {
    try office.withLock { office in
      if let office { return office }
      let log = try MailLog(config.log)
      let made = Office(log: log, dispatcher: Dispatcher(config, composer: try composer.get(), log: log))
      office = made
      return made
    }
  }

  package func discover(_ run: RunContext, into sink: ItemSink<MailItem>) async throws {
    do {
      let composer = try composer.get()
      if !run.isPlan {
        let office = try openOffice()
        try await suppress(run, office.log)
        if let problem = await office.dispatcher.problem(log: run.log) {
          return try sink.emit(key: "refused", .refusal("nothing is sent: \(problem); mend that and run the job again"))
        }
      }
      try Discovery(config: config, composer: composer, run: run, sink: sink).name()
    } catch let error as EmailDispatchError {
      // Another try would find the same, and nothing was begun.
      try sink.emit(key: "refused", .refusal("\(error.message); mend that and run the job again"))
    }
  }

  private func suppress(_ run: RunContext, _ log: MailLog) async throws {
    guard let list = config.suppress else { return }
    var addresses: [String] = []
    try RecordSource(list, event: run.event).forEach { values, place in
      addresses.append(try Recipient.read(values, fields: list.fields, place: place).recipient.address)
    }
    for address in addresses {
      try await log.suppress(Postbox.address(address, name: "").text, reason: "unsubscribed", detail: nil)
    }
  }

  package func process(_ item: ItemContext<MailItem>) async throws -> Outcome {
    switch item.value {
    case .refusal(let reason): return .failed(reason)
    case .recipient(let recipient):
      do {
        return item.run.isPlan
          ? try plan(item, recipient, composer.get()) : try await openOffice().dispatcher.send(item, to: recipient)
      } catch let error as EmailDispatchError {
        return error.code == .log ? .retry(error.message) : .failed(error.message)
      }
    }
  }

  /// What a plan says of a message, beside the message itself.
  private struct Effect: Encodable {
    var to: String
    var subject: String
    var bytes: Int
    var file: String
  }

  private func plan(_ item: ItemContext<MailItem>, _ recipient: Recipient, _ composer: Composer) throws -> Outcome {
    let id = MessageID(run: item.run.id, item: item.key, domain: composer.messageDomain)
    let mail = try composer.compose(recipient, id: id, atSeconds: Int64(item.run.startedAt.timeIntervalSince1970))
    let entry = MailLog.Entry(run: item.run.id, item: item.key, address: mail.to.text, user: nil, type: "", messageID: id.text)
    if let reason = try openReader()?.standing(of: entry).suppressed {
      return .skipped("\(mail.to.text)\(RunReport.suppression)\(reason)")
    }
    let rendered = try composer.render(mail)
    let shown = String(item.key.prefix(80).map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "-" })
    let file = "m-\(shown)-\(id.text.prefix(8)).eml"
    try item.putArtifact(file, mediaType: "message/rfc822", content: rendered.octets)
    return .planned(effect: Effect(to: mail.to.text, subject: mail.subject, bytes: rendered.octets.count, file: file))
  }

  package func finish(_ summary: RunSummary) async throws {
    guard !summary.run.isPlan, case .success = composer else { return }
    var report = RunReport(succeeded: summary.succeeded, dead: summary.dead)
    let counts = try openOffice().log.counts(run: summary.run.id)
    report.unknown = counts.byStatus[.unknown] ?? 0
    report.sentAgain = counts.resends
    var failures = FailureList()
    if summary.dead + summary.skipped > 0 {
      for try await result in summary.results {
        switch result.kind {
        case .succeeded: break
        case .skipped: report.skip(result.reason)
        case .failed: failures.add(result.key, result.reason)
        }
      }
    }
    if summary.dead > 0 {
      try summary.run.putArtifact("failed.csv", mediaType: "text/csv; charset=utf-8", text: failures.text)
    }
    if report.sent + report.suppressed + report.duplicates + report.failed == 0 { report.note = "there were no recipients" }
    report.elapsedSeconds = Date().timeIntervalSince(summary.startedAt)
    try await summary.report(report)
  }
}
