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

  /// Sends messages to `0@example.org` and so on over one connection, all of them waiting for it. What became of each, and the ledger.
  private func deliver(_ count: Int, _ options: [String]) async throws -> ([Delivery], Ledger, ledgerText: String) {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("carillon-mail-\(UUID().uuidString)").path
    let server = try ScriptedServer(ledger: path, seed: 1, options: options)
    var settings = RelaySettings(host: "127.0.0.1", port: server.port, tls: .none)
    settings.maxConnections = 1
    settings.endTimeout = .seconds(3)
    let relay = Relay(settings)
    let deliveries = await withTaskGroup(of: (Int, Delivery).self) { group in
      for number in 0..<count {
        group.addTask {
          let envelope = Envelope(
            sender: "s@example.org", recipient: "\(number)@example.org",
            octets: Array("Message-ID: <\(number)@x>\r\n\r\nhello\r\n".utf8), needsSMTPUTF8: false, mark: { {} })
          return (number, await relay.deliver(envelope))
        }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    relay.close()
    try server.stop()
    let (ledger, text) = (try server.ledger(), try String(contentsOfFile: path, encoding: .utf8))
    try FileManager.default.removeItem(atPath: path)
    return ((0..<count).compactMap { deliveries[$0] }, ledger, text)
  }

  /// RFC 2920, 3.1: the end of a message and the commands of the next make one group.
  @Test func commandsOfTheNextGoWithTheEndOfTheOneBefore() async throws {
    let (deliveries, ledger, text) = try await deliver(4, ["--quiet", "--ahead"])
    #expect(deliveries.map(kind) == Array(repeating: "accepted", count: 4))
    #expect(ledger.taken == ["0@example.org": 1, "1@example.org": 1, "2@example.org": 1, "3@example.org": 1])
    #expect(text.components(separatedBy: "\"ahead\": \"MAIL FROM:<s@example.org>").count - 1 == 3, "\(text)")
    #expect(text.components(separatedBy: "\"ahead\": null").count - 1 == 1, "\(text)")
  }

  /// The connection breaks when the next is announced: that one is neither lost nor held, for nothing of it was sent.
  @Test(arguments: [("after:drop", "unknown", 1), ("end:421 4.3.2 going down", "unreachable", 0), ("after:abc", "unknown", 1)])
  func whatWasAnnouncedGoesOverAnotherConnection(_ fault: String, _ wanted: String, _ took: Int) async throws {
    let (deliveries, ledger, text) = try await deliver(3, ["--ahead", "--only", fault])
    #expect(deliveries.map(kind) == Array(repeating: wanted, count: 3), "\(text)")
    for number in 0..<3 { #expect(ledger.taken["\(number)@example.org"] ?? 0 == took) }
    #expect(text.contains("\"ahead\": \"MAIL FROM"), "\(text)")
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
