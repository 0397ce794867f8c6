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
  private let parts: Result<Parts, EmailDispatchError>

  /// What is made once. In a plan nothing is connected to.
  private struct Parts: Sendable {
    let composer: Composer
    let log: MailLog
    let dispatcher: Dispatcher
  }

  package static func check(_ config: MailConfig) -> [Diagnostic] { config.diagnostics }

  package init(config: MailConfig) throws {
    self.config = config
    do throws(EmailDispatchError) {
      let composer = try Composer(config)
      let log = try MailLog(config.log)
      parts = .success(Parts(composer: composer, log: log, dispatcher: Dispatcher(config, composer: composer, log: log)))
    } catch {
      parts = .failure(error)
    }
  }

  package func discover(_ run: RunContext, into sink: ItemSink<MailItem>) async throws {
    do {
      let parts = try parts.get()
      try await suppress(run, parts.log)
      if !run.isPlan, let problem = await parts.dispatcher.problem(log: run.log) {
        return try sink.emit(key: "refused", .refusal("nothing is sent: \(problem)"))
      }
      try Discovery(config: config, composer: parts.composer, run: run, sink: sink).name()
    } catch let error as EmailDispatchError {
      // Another try would find the same, and nothing was begun.
      try sink.emit(key: "refused", .refusal(error.message))
    }
  }

  private func suppress(_ run: RunContext, _ log: MailLog) async throws {
    guard let list = config.suppress, !run.isPlan else { return }
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
        let parts = try parts.get()
        return item.run.isPlan
          ? try plan(item, recipient, parts) : try await parts.dispatcher.send(item, to: recipient)
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

  private func plan(_ item: ItemContext<MailItem>, _ recipient: Recipient, _ parts: Parts) throws -> Outcome {
    let id = MessageID(run: item.run.id, item: item.key, domain: parts.composer.messageDomain)
    let mail = try parts.composer.compose(recipient, id: id, atSeconds: Int64(item.run.startedAt.timeIntervalSince1970))
    let entry = MailLog.Entry(
      run: item.run.id, item: item.key, address: mail.to.text, user: nil, type: "", messageID: id.text)
    if let reason = try parts.log.standing(of: entry).suppressed {
      return .skipped("\(mail.to.text) is on the suppression list: \(reason)")
    }
    let rendered = try parts.composer.render(mail)
    let shown = String(item.key.prefix(80).map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "-" })
    let file = "m-\(shown)-\(id.text.prefix(8)).eml"
    try item.putArtifact(file, mediaType: "message/rfc822", content: rendered.octets)
    return .planned(effect: Effect(to: mail.to.text, subject: mail.subject, bytes: rendered.octets.count, file: file))
  }

  package func finish(_ summary: RunSummary) async throws {
    guard !summary.run.isPlan, case .success(let parts) = parts else { return }
    var report = RunReport(succeeded: summary.succeeded, skipped: summary.skipped, dead: summary.dead)
    let counts = try parts.log.counts(run: summary.run.id)
    report.unknown = counts.byStatus[.unknown] ?? 0
    report.sentAgain = counts.resends
    var failures = FailureList()
    if summary.dead > 0 {
      for try await result in summary.results where result.kind == .failed { failures.add(result.key, result.reason) }
      try summary.run.putArtifact("failed.csv", mediaType: "text/csv; charset=utf-8", text: failures.text)
    }
    report.elapsedSeconds = Date().timeIntervalSince(summary.startedAt)
    try await summary.report(report)
  }
}
