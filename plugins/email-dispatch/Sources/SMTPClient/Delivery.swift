/// What became of one message at the server.
package enum Delivery: Hashable, Sendable {
  /// The server has it.
  case accepted(Reply)
  /// 4yz: not now.
  case putOff(Reply, at: Phase)
  /// 5yz: never.
  case refused(Reply, at: Phase)
  /// The server was not reached, or went away, before it could have taken the message.
  case unreachable(RelayProblem)
  /// The whole message was sent, and no reply came: the server may have it or not.
  case unknown(String)
  /// The server cannot take a message like this.
  case impossible(String)
  /// The sender's own mark could not be set, so the message was not sent to its end.
  case unmarked(String)
  /// It was called back before its turn.
  case cancelled
}

/// How far a conversation about a message was.
package enum Phase: String, Hashable, Sendable, CaseIterable {
  case mail = "MAIL"
  case recipient = "RCPT"
  case data = "DATA"
  case end = "the message"
}

/// Why a server is of no use.
package struct RelayProblem: Error, Hashable, Sendable {
  /// Nothing will change that but a person: a wrong name, a certificate, a password, no STARTTLS.
  package let needsPerson: Bool
  package let message: String
}

/// A message on its way.
package struct Envelope: Sendable {
  package var sender: String
  package var recipient: String

  /// Lines that end in CRLF, not yet dot-stuffed.
  package var octets: [UInt8]
  package var needsSMTPUTF8: Bool

  /// Begins to make it durable that the message may have arrived, and answers with what waits for it. Called when the server is
  /// ready for the message; its end is sent only when the wait returns without an error.
  package var mark: @Sendable () -> @Sendable () throws -> Void

  package init(
    sender: String, recipient: String, octets: [UInt8], needsSMTPUTF8: Bool,
    mark: @escaping @Sendable () -> @Sendable () throws -> Void
  ) {
    self.sender = sender
    self.recipient = recipient
    self.octets = octets
    self.needsSMTPUTF8 = needsSMTPUTF8
    self.mark = mark
  }
}
