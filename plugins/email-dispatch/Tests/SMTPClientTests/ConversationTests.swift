import Foundation
import MailCampaign
import Testing

@testable import SMTPClient

/// One fault at a time: what each phase's every reply comes to, and how far the mark got.
@Suite struct ConversationTests {
  private func deliver(_ fault: String) async throws -> (Delivery, took: Int) {
    let ledger = FileManager.default.temporaryDirectory.appendingPathComponent("carillon-mail-\(UUID().uuidString)").path
    let server = try ScriptedServer(ledger: ledger, seed: 1, options: ["--only", fault])
    var settings = RelaySettings(host: "127.0.0.1", port: server.port, tls: .none)
    settings.maxConnections = 1
    settings.connectTimeout = .seconds(2)
    settings.replyTimeout = .milliseconds(300)
    settings.endTimeout = .milliseconds(300)
    let relay = Relay(settings)
    let envelope = Envelope(
      sender: "s@example.org", recipient: "r@example.org", octets: Array("Message-ID: <i@x>\r\n\r\nhello\r\n".utf8),
      needsSMTPUTF8: false,
      mark: { {} })
    let delivery = await relay.deliver(envelope)
    relay.close()
    try server.stop()
    let taken = try server.ledger().taken["r@example.org"] ?? 0
    try FileManager.default.removeItem(atPath: ledger)
    return (delivery, taken)
  }

  private func kind(_ delivery: Delivery) -> String {
    switch delivery {
    case .accepted: "accepted"
    case .putOff(_, let phase): "put off at \(phase.rawValue)"
    case .refused(_, let phase): "refused at \(phase.rawValue)"
    case .unreachable: "unreachable"
    case .unknown: "unknown"
    case .impossible: "impossible"
    case .unmarked: "unmarked"
    case .cancelled: "cancelled"
    }
  }

  @Test(arguments: [
    ("greeting:drop", "unreachable"), ("greeting:554 5.6.0 refused", "unreachable"),
    ("ehlo:421 4.3.2 going down", "unreachable"),
    ("mail:451 4.3.0 try later", "put off at MAIL"), ("mail:550 5.7.1 blocked", "refused at MAIL"),
    ("mail:421 4.3.2 going down", "unreachable"),
    ("mail:drop", "unreachable"), ("mail:abc", "unreachable"), ("rcpt:450 4.2.0 greylisted", "put off at RCPT"),
    ("rcpt:550 5.1.1 no such user", "refused at RCPT"), ("rcpt:partial", "unreachable"), ("rcpt:silence", "unreachable"),
    ("data:451 4.3.0 try later", "put off at DATA"), ("data:554 5.6.0 refused", "refused at DATA"),
    ("data:drop", "unreachable"),
    ("end:452 4.2.2 mailbox full", "put off at the message"), ("end:554 5.6.0 refused", "refused at the message"),
    ("end:421 4.3.2 going down", "unreachable"), ("end:drop", "unknown"), ("end:silence", "unknown"), ("end:abc", "unknown"),
    ("after:drop", "unknown"), ("after:partial", "unknown"), ("after:silence", "unknown"), ("after:reset", "unknown"),
    ("mail:bytewise", "accepted"), ("rcpt:multiline", "accepted"), ("end:then-drop", "accepted"),
  ])
  func eachFaultIsWhatItIs(_ fault: String, _ wanted: String) async throws {
    let (delivery, took) = try await deliver(fault)
    #expect(kind(delivery) == wanted, "\(fault): \(delivery)")
    #expect(took == (wanted == "accepted" || fault.hasPrefix("after:") ? 1 : 0), "\(fault)")
  }

  /// When the mark cannot be made, the message's end is not sent.
  @Test func withoutAMarkNothingIsSent() async throws {
    struct Full: Error {}
    let ledger = FileManager.default.temporaryDirectory.appendingPathComponent("carillon-mail-\(UUID().uuidString)").path
    let server = try ScriptedServer(ledger: ledger, seed: 1, options: ["--quiet"])
    let relay = Relay(RelaySettings(host: "127.0.0.1", port: server.port, tls: .none))
    let envelope = Envelope(
      sender: "s@example.org", recipient: "r@example.org", octets: Array("Message-ID: <i@x>\r\n\r\nhello\r\n".utf8),
      needsSMTPUTF8: false,
      mark: { { throw Full() } })
    #expect(await relay.deliver(envelope) == .unmarked("Full()"))
    relay.close()
    try server.stop()
    #expect(try !String(contentsOfFile: ledger, encoding: .utf8).contains("took"))
    try FileManager.default.removeItem(atPath: ledger)
  }

  @Test(arguments: ["a", "a\n", "a\r\n\nb\r\n", "a\rb\r\n", "a\0\r\n", ""])
  func octetsThatSomebodyCouldTakeForAnEnd(_ text: String) {
    #expect(DotStuffing.stuff(Array(text.utf8)) == nil)
  }

  @Test func dots() {
    #expect(DotStuffing.stuff(Array(".\r\n..x\r\na.\r\n".utf8)) == Array("..\r\n...x\r\na.\r\n".utf8))
  }
}
