import CarillonPlugin
import FoundationEssentials
import MailMessage
import SMTPClient

/// Sends one item's message and says what it came to. Any thread.
final class Dispatcher: Sendable {
  private let config: MailConfig
  private let composer: Composer
  private let log: MailLog
  private let relay: Relay
  private let gates: DomainGates

  init(_ config: MailConfig, composer: Composer, log: MailLog) {
    self.config = config
    self.composer = composer
    self.log = log
    relay = Relay(config.smtp.relay)
    gates = DomainGates(config.domains)
  }

  deinit { relay.close() }

  /// What only a person could mend about the server; nil: nothing, or it may be there later.
  func problem(log: Log) async -> String? {
    guard let problem = await relay.probe() else { return nil }
    if problem.needsPerson { return problem.message }
    log.warning("the server is not there right now: \(problem.message)")
    return nil
  }

  /// With what is kept with an item.
  private func sent(_ id: String, reply: String, tries: Int) -> Outcome {
    var output: [UInt8] = []
    output.reserveCapacity(id.utf8.count + reply.utf8.count + 64)
    output.append(UInt8(ascii: "{"))
    JSONWriter.writeName("messageID", to: &output)
    JSONWriter.write(id, to: &output)
    JSONWriter.writeName("reply", to: &output)
    JSONWriter.write(reply, to: &output)
    JSONWriter.writeName("tries", to: &output)
    JSONWriter.write(.integer(Int64(tries)), to: &output)
    output.append(UInt8(ascii: "}"))
    return .succeeded(json: output)
  }

  func send(_ item: ItemContext<MailItem>, to recipient: Recipient) async throws(EmailDispatchError) -> Outcome {
    let id = MessageID(run: item.run.id, item: item.key, domain: composer.messageDomain)
    let mail = try composer.compose(recipient, id: id, atSeconds: Int64(Date().timeIntervalSince1970))
    let entry = MailLog.Entry(
      run: item.run.id, item: item.key, address: mail.to.text, user: recipient.user, type: config.type ?? item.run.job,
      messageID: id.text)
    let standing = try log.standing(of: entry)
    if let reason = standing.suppressed { return .skipped("\(mail.to.text)\(RunReport.suppression)\(reason)") }
    var released: Int?
    switch standing.status {
    case .sent: return sent(id.text, reply: standing.reply ?? "", tries: standing.tries)
    case .sending, .unknown:
      guard config.unknown == .resend || recipient.resend == standing.tries else { return try await hold(entry, standing) }
      released = standing.tries
      item.log.warning(
        "sent again, although try \(standing.tries) may have arrived: \(standing.reply ?? "its worker ended meanwhile")")
    case .deferred, .failed, nil: break
    }
    let rendered = try composer.render(mail)
    guard !gates.isOpen else { return try await deliver(mail, rendered, entry, standing, released: released) }
    switch await gates.enter(mail.to.domain) {
    case .later(let wait): return .rateLimited(after: wait, "the limit for \(mail.to.domain)")
    case .go: break
    }
    do throws(EmailDispatchError) {
      let outcome = try await deliver(mail, rendered, entry, standing, released: released)
      await gates.leave(mail.to.domain)
      return outcome
    } catch {
      await gates.leave(mail.to.domain)
      throw error
    }
  }

  /// Nobody knows whether it arrived, so a person must say what to do.
  private func hold(_ entry: MailLog.Entry, _ standing: MailLog.Standing) async throws(EmailDispatchError) -> Outcome {
    if standing.status == .sending {
      try await write { try await $0.end(entry, .unknown, reply: "the worker ended before a reply came") }
    }
    return .failed(Self.heldReason(standing.reply ?? "the worker ended before a reply came", tries: standing.tries))
  }

  private static func heldReason(_ what: String, tries: Int) -> String {
    "may have arrived, so it is held: \(what). To send it once more: carillon retry RUN --edit KEY, and add \"resend\": \(tries)"
  }

  private func deliver(
    _ mail: Mail, _ rendered: RenderedMail, _ entry: MailLog.Entry, _ standing: MailLog.Standing, released: Int?
  ) async throws(EmailDispatchError) -> Outcome {
    let log = log
    let isBegun = Guarded(false)
    let envelope = Envelope(
      sender: composer.sender, recipient: mail.to.text, octets: rendered.octets, needsSMTPUTF8: rendered.needsSMTPUTF8,
      mark: {
        isBegun.withLock { $0 = true }
        return log.begin(entry, released: released)
      })
    let delivery = await relay.deliver(envelope)
    let wasBegun = isBegun.withLock { $0 }
    let tries = standing.tries + 1
    switch delivery {
    case .accepted(let reply):
      try await write { try await $0.end(entry, .sent, reply: reply.text) }
      return sent(entry.messageID, reply: reply.text, tries: tries)
    case .putOff(let reply, let phase):
      return try await putOff(entry, standing, words: "\(config.smtp.host) put \(phase.rawValue) off: \(reply.text)", wasBegun)
    case .refused(let reply, let phase):
      try await close(entry, .failed, reply.text, wasBegun)
      if Bounce.isHard(reply, at: phase) {
        try await write { try await $0.suppress(entry.address, reason: "hard bounce", detail: reply.text) }
      }
      return .failed("\(config.smtp.host) refused \(phase.rawValue): \(reply.text)")
    case .unreachable(let problem):
      // The mark was made, and the message's end was not sent.
      if wasBegun { try await write { try await $0.end(entry, .deferred, reply: problem.message) } }
      return .unavailable(dependency: "\(config.smtp.host):\(config.smtp.port)", problem.message)
    case .unknown(let what):
      try await write { try await $0.end(entry, .unknown, reply: what) }
      return config.unknown == .resend
        ? .retry(after: config.retry.first.duration, "may have arrived; it will be sent again: \(what)")
        : .failed(Self.heldReason(what, tries: tries))
    case .impossible(let reason):
      try await close(entry, .failed, reason, wasBegun)
      return .failed(reason)
    case .unmarked(let reason): return .retry("not sent: \(reason)")
    case .cancelled: return .retry("cancelled before it was sent")
    }
  }

  private func putOff(
    _ entry: MailLog.Entry, _ standing: MailLog.Standing, words: String, _ wasBegun: Bool
  ) async throws(EmailDispatchError) -> Outcome {
    let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
    let age = Duration.microseconds(standing.status == nil ? 0 : now - standing.firstAtMicroseconds)
    guard age < config.retry.giveUpAfter.duration else {
      try await close(entry, .failed, words, wasBegun)
      return .failed("given up after \(age.components.seconds / 3_600) hours: \(words)")
    }
    try await close(entry, .deferred, words, wasBegun)
    return .retry(after: config.retry.wait(afterTries: standing.tries + 1), words)
  }

  private func close(
    _ entry: MailLog.Entry, _ status: MailLog.Status, _ words: String, _ wasBegun: Bool
  ) async throws(EmailDispatchError) {
    try await write { log in
      if wasBegun { try await log.end(entry, status, reply: words) } else { try await log.note(entry, status, reply: words) }
    }
  }

  private func write(_ body: (MailLog) async throws -> Void) async throws(EmailDispatchError) {
    do {
      try await body(log)
    } catch let error as EmailDispatchError {
      throw error
    } catch {
      throw EmailDispatchError(.log, "the mail log cannot be written: \(error)")
    }
  }
}

extension MailRetryConfig {
  /// 15 min, 30 min, 1 h … up to the cap.
  func wait(afterTries tries: Int) -> Duration {
    min(first.duration * (1 << min(max(tries - 1, 0), 20)), cap.duration)
  }
}
