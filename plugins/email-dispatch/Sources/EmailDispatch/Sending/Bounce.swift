package import SMTPClient

/// Refusals that say that the address itself is no good.
package enum Bounce {
  /// Address statuses of RFC 3463, 3.2, that no later message can change; 5.2.1: a mailbox that is disabled; 5.1.10: RFC 7505.
  private static let hard: Set<String> = ["5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"]

  /// Whether the address gets no further mail. Without an enhanced code only the plain "no such user" counts, and only where the
  /// recipient was named: 550 also means "we do not like you".
  package static func isHard(_ reply: Reply, at phase: Phase) -> Bool {
    guard phase == .recipient || phase == .end else { return false }
    if let code = reply.enhancedCode { return hard.contains(code) }
    return phase == .recipient && (reply.code == 550 || reply.code == 553)
  }
}
