/// Messages over one connection, one after the other. RFC 5321; RFC 2920 where the server offers it. One thread.
struct Conversation: ~Copyable {
  private let settings: RelaySettings
  private let wire: Wire
  private let canPipeline: Bool
  private let canSMTPUTF8: Bool
  private let maxOctets: Int?
  private let hasSize: Bool

  /// A transaction was begun and not ended: the next begins with RSET.
  private var needsReset = false
  private var count = 0

  /// Whether another message may go over this connection.
  private(set) var isUsable = true

  /// The message whose MAIL, RCPT and DATA went out behind the end of the one before it, and are not answered yet.
  private var announced: Letter?

  /// A message, ready to go over this connection.
  private struct Letter {
    let envelope: Envelope
    /// With dots doubled, without its end.
    let octets: [UInt8]
    let commands: [String]
  }

  /// Connects and authenticates. Throws `RelayProblem`.
  init(_ settings: RelaySettings) throws(RelayProblem) {
    let wire = try Wire(settings)
    try Authentication(settings: settings).run(on: wire)
    self.settings = settings
    self.wire = wire
    canPipeline = wire.offers.contains("PIPELINING")
    canSMTPUTF8 = wire.offers.contains("SMTPUTF8")
    let size = wire.offers.first { $0 == "SIZE" || $0.hasPrefix("SIZE ") }
    hasSize = size != nil
    let limit = size.flatMap { Int($0.dropFirst(5)) } ?? 0
    maxOctets = limit > 0 ? limit : nil
  }

  /// The result, or nil: the server had gone before it was said anything, and nothing is lost by saying it to another connection.
  ///
  /// `following` is asked, when this message is sent, for another that waits: its commands go with this one's end (RFC 2920, 3.1), and
  /// it must be the next that is delivered here, or elsewhere once the connection is of no use.
  mutating func deliver(_ envelope: Envelope, following: () -> Envelope?) -> Delivery? {
    let ahead = announced.take()
    let letter: Letter
    if let ahead {
      letter = ahead
    } else {
      switch ready(envelope) {
      case .success(let ready): letter = ready
      case .failure(let refusal): return .impossible(refusal.reason)
      }
      // Said without being asked, it would be taken for the answer to something else.
      if wire.hasUnread {
        isUsable = false
        return nil
      }
    }
    let isReused = count > 0
    count += 1
    if count >= settings.messagesPerConnection { isUsable = false }
    var heard = 0
    do {
      if let early = try open(letter, isSent: ahead != nil, isReused: isReused, heard: &heard) { return early }
    } catch {
      isUsable = false
      return isReused && heard == 0 ? nil : lost(error)
    }
    return transfer(letter, following: following)
  }

  private struct Refusal: Error {
    let reason: String
  }

  /// Fails for what this server cannot take.
  private func ready(_ envelope: Envelope) -> Result<Letter, Refusal> {
    if envelope.needsSMTPUTF8, !canSMTPUTF8 {
      return .failure(
        Refusal(
          reason: "the address \(envelope.recipient) or the sender's is not ASCII, and \(settings.host) does not offer SMTPUTF8"
        ))
    }
    if let maxOctets, envelope.octets.count > maxOctets {
      return .failure(
        Refusal(reason: "the message has \(envelope.octets.count) octets, and \(settings.host) takes \(maxOctets)"))
    }
    guard let stuffed = DotStuffing.stuff(envelope.octets) else {
      return .failure(Refusal(reason: "the message holds a bare CR or LF, or a NUL"))
    }
    let isControl: (UInt8) -> Bool = { $0 < 0x20 || $0 == 0x7f }
    guard !envelope.sender.utf8.contains(where: isControl), !envelope.recipient.utf8.contains(where: isControl) else {
      return .failure(Refusal(reason: "an address of the envelope holds a control character"))
    }
    let options = (hasSize ? " SIZE=\(envelope.octets.count)" : "") + (envelope.needsSMTPUTF8 ? " SMTPUTF8" : "")
    let commands = ["MAIL FROM:<\(envelope.sender)>\(options)\r\n", "RCPT TO:<\(envelope.recipient)>\r\n", "DATA\r\n"]
    return .success(Letter(envelope: envelope, octets: stuffed, commands: commands))
  }

  /// MAIL, RCPT and DATA; nil when the server waits for the message.
  private mutating func open(
    _ letter: Letter, isSent: Bool, isReused: Bool, heard: inout Int
  ) throws(Wire.Lost) -> Delivery? {
    var commands = letter.commands
    var phases: [Phase?] = [.mail, .recipient, .data]
    if needsReset {
      commands.insert("RSET\r\n", at: 0)
      phases.insert(nil, at: 0)
    }
    needsReset = false
    if canPipeline, !isSent { try send(commands) }
    var failure: Delivery?
    for (command, phase) in zip(commands, phases) {
      if !canPipeline { try send([command]) }
      let reply = try wire.reply(deadline: Deadline(in: settings.replyTimeout))
      heard += 1
      if reply.code == 421 {
        // It had closed before we asked, and said so; another connection will do.
        if isReused, heard == 1 {
          heard = 0
          throw Wire.Lost(message: reply.text)
        }
        return leaving(reply, failure)
      }
      guard let phase else {
        if reply.code / 100 != 2 { return leaving(reply, failure) }
        continue
      }
      if let failure {
        // The rest of what was pipelined. A server that wants a message nobody may have gets none.
        if phase == .data, reply.code == 354 { isUsable = false }
        if phase == .data { return failure }
        continue
      }
      let isGood = phase == .data ? reply.code == 354 : reply.code / 100 == 2
      if isGood {
        if phase == .mail { needsReset = true }
        continue
      }
      switch reply.code / 100 {
      case 4: failure = .putOff(reply, at: phase)
      case 5: failure = .refused(reply, at: phase)
      default: return leaving(reply, nil)
      }
      if !canPipeline { return failure }
    }
    return failure
  }

  /// The message itself. Before its end is sent, the mark is durable; behind it, only a reply says what became of it.
  private mutating func transfer(_ letter: Letter, following: () -> Envelope?) -> Delivery {
    let wait = letter.envelope.mark()
    do {
      try wire.send(letter.octets, deadline: Deadline(in: settings.replyTimeout))
    } catch {
      isUsable = false
      return lostInside(error)
    }
    do {
      try wait()
    } catch {
      isUsable = false
      return .unmarked("\(error)")
    }
    if canPipeline, isUsable, let next = following() {
      // What this server cannot take is found again, and told, when it is that message's turn.
      announced = try? ready(next).get()
    }
    let reply: Reply
    do {
      try send([".\r\n"] + (announced?.commands ?? []))
      reply = try wire.reply(deadline: Deadline(in: settings.endTimeout))
    } catch {
      isUsable = false
      return .unknown("the whole message was sent to \(settings.host), and then \(error.message)")
    }
    needsReset = false
    switch reply.code / 100 {
    case 2: return .accepted(reply)
    case 4: return reply.code == 421 ? leaving(reply, nil) : .putOff(reply, at: .end)
    case 5: return .refused(reply, at: .end)
    default:
      isUsable = false
      return .unknown("the whole message was sent to \(settings.host), and it said \(reply.text)")
    }
  }

  private func send(_ commands: [String]) throws(Wire.Lost) {
    var octets: [UInt8] = []
    octets.reserveCapacity(512)
    for command in commands { octets += command.utf8 }
    try wire.send(octets, deadline: Deadline(in: settings.replyTimeout))
  }

  /// The server says that it goes, or what makes no sense here.
  private mutating func leaving(_ reply: Reply, _ failure: Delivery?) -> Delivery {
    isUsable = false
    return failure
      ?? .unreachable(RelayProblem(needsPerson: false, message: "\(settings.host):\(settings.port) said \(reply.text)"))
  }

  private func lost(_ error: Wire.Lost) -> Delivery {
    .unreachable(RelayProblem(needsPerson: false, message: "\(settings.host):\(settings.port): \(error.message)"))
  }

  /// The connection broke within the message. Some servers say why before they close it.
  private func lostInside(_ error: Wire.Lost) -> Delivery {
    do {
      let reply = try wire.reply(deadline: Deadline(in: min(settings.replyTimeout, .seconds(2))))
      switch reply.code / 100 {
      case 5: return .refused(reply, at: .end)
      case 4 where reply.code != 421: return .putOff(reply, at: .end)
      default: return lost(error)
      }
    } catch let other {
      return lost(Wire.Lost(message: "\(error.message) (\(other.message))"))
    }
  }

  /// Says goodbye, without waiting for an answer for long.
  consuming func quit() {
    guard isUsable || count >= settings.messagesPerConnection else { return }
    do {
      let deadline = Deadline(in: min(settings.replyTimeout, .seconds(2)))
      try wire.send(Array("QUIT\r\n".utf8), deadline: deadline)
      _ = try wire.reply(deadline: deadline)
    } catch {
      // It is gone already, which is what was wanted.
    }
  }
}
