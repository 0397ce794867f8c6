import Foundation
import MailCampaign
import Testing

@testable import SMTPClient

/// A real server: TLS both ways, every way of saying who one is, refusals.
@Suite struct PostfixTests {
  private func settings(_ change: (inout RelaySettings) -> Void = { _ in }) throws -> RelaySettings {
    let postfix = try PostfixServer.access()
    var settings = RelaySettings(host: "localhost", port: postfix.port, tls: .starttls)
    settings.caFile = postfix.caFile
    settings.user = "job"
    settings.password = "secret"
    change(&settings)
    if settings.tls == .implicit { settings.port = postfix.tlsPort }
    return settings
  }

  private func envelope(_ recipient: String, _ body: String = "Subject: x\r\n\r\nhello\r\n", utf8: Bool = false) -> Envelope {
    Envelope(sender: "s@example.org", recipient: recipient, octets: Array(body.utf8), needsSMTPUTF8: utf8, mark: { {} })
  }

  @Test(arguments: [nil, .plain, .login, .scramSHA256] as [RelaySettings.Mechanism?], [RelaySettings.TLS.starttls, .implicit])
  func everyWayIn(_ mechanism: RelaySettings.Mechanism?, _ tls: RelaySettings.TLS) async throws {
    let relay = Relay(try settings { ($0.mechanism, $0.tls) = (mechanism, tls) })
    defer { relay.close() }
    guard case .accepted(let reply) = await relay.deliver(envelope("ok@x.test")) else {
      Issue.record("not accepted")
      return
    }
    #expect(reply.code == 250)
  }

  @Test(arguments: [.plain, .login, .scramSHA256] as [RelaySettings.Mechanism])
  func aWrongPasswordNeedsAPerson(_ mechanism: RelaySettings.Mechanism) async throws {
    let relay = Relay(try settings { ($0.mechanism, $0.password) = (mechanism, "wrong") })
    defer { relay.close() }
    let problem = try #require(await relay.probe())
    #expect(
      problem.needsPerson && problem.message.contains("\(mechanism.name) for the user job was not accepted: 535"),
      "\(problem.message)")
    #expect(!problem.message.contains("wrong"))
  }

  /// Dovecot checks the token.
  @Test func aTokenIsAWayIn() async throws {
    let postfix = try PostfixServer.access()
    let good = try settings { ($0.mechanism, $0.port, $0.password) = (.xoauth2, postfix.oauthPort, postfix.token) }
    let relay = Relay(good)
    defer { relay.close() }
    guard case .accepted(let reply) = await relay.deliver(envelope("ok@x.test")) else {
      Issue.record("not accepted")
      return
    }
    #expect(reply.code == 250)
    var bad = good
    bad.password = postfix.token.dropLast(4) + "AAAA"
    let problem = try #require(await Relay(bad).probe())
    #expect(
      problem.needsPerson && problem.message.contains("XOAUTH2 for the user job was not accepted: 535"), "\(problem.message)")
    // A token is good for one user.
    bad = good
    bad.user = "another"
    #expect(try #require(await Relay(bad).probe()).needsPerson)
  }

  @Test func aMechanismThatIsNotOfferedNeedsAPerson() async throws {
    let problem = try #require(await Relay(try settings { $0.mechanism = .xoauth2 }).probe())
    #expect(
      problem.needsPerson && problem.message.hasSuffix("does not offer XOAUTH2, only: LOGIN PLAIN SCRAM-SHA-256"),
      "\(problem.message)")
  }

  @Test func aCertificateThatNobodyVouchesForNeedsAPerson() async throws {
    let problem = try #require(await Relay(try settings { $0.caFile = nil }).probe())
    #expect(problem.needsPerson && problem.message.contains("its certificate is not trusted"), "\(problem.message)")
  }

  @Test func refusalsAndPuttingOff() async throws {
    let relay = Relay(try settings { $0.maxConnections = 1 })
    defer { relay.close() }
    for (address, code) in [
      ("none@x.test", 550), ("blocked@x.test", 554), ("temp@x.test", 451), ("full@x.test", 452), ("ok@x.test", 250),
      ("none@x.test", 550),
    ] {
      switch await relay.deliver(envelope(address)) {
      case .refused(let reply, .recipient), .putOff(let reply, .recipient), .accepted(let reply):
        #expect(reply.code == code, "\(address)")
      case let other: Issue.record("\(address): \(other)")
      }
    }
  }

  /// A message with lines of dots, and one that is larger than the server takes.
  @Test func whatIsSentIsWhatArrives() async throws {
    let relay = Relay(try settings())
    defer { relay.close() }
    let mark = UUID().uuidString
    let body = "Subject: \(mark)\r\n\r\n.\r\n..\r\n.a\r\nMAIL FROM:<x@y.test>\r\n\r\n.\r\nlast\r\n"
    guard case .accepted = await relay.deliver(envelope("ok@x.test", body)) else {
      Issue.record("not accepted")
      return
    }
    let folder = try PostfixServer.access().folder
    var found: [String] = []
    let end = ContinuousClock.now + .seconds(20)
    while found.isEmpty, ContinuousClock.now < end {
      found = try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { name in
        let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        return text.contains(mark) && text.contains("last") ? text : nil
      }
      await Task.yield()
    }
    #expect(
      found.count == 1
        && found.first?.replacing("\r\n", with: "\n").contains("\n\n.\n..\n.a\nMAIL FROM:<x@y.test>\n\n.\nlast\n") == true,
      "\(found)")
    let large = "Subject: x\r\n\r\n" + String(repeating: "0123456789\r\n", count: 100_000)
    #expect(
      await relay.deliver(envelope("ok@x.test", large))
        == .impossible("the message has 1200014 octets, and localhost takes 1000000"))
  }

  @Test func addressesBeyondASCIIGoWhereTheyAreTaken() async throws {
    let relay = Relay(try settings())
    defer { relay.close() }
    guard case .accepted = await relay.deliver(envelope("jörg@x.test", utf8: true)) else {
      Issue.record("not accepted")
      return
    }
    let sink = try Relay(RelaySettings(host: "127.0.0.1", port: PostfixServer.access().sinkPort, tls: .none))
    defer { sink.close() }
    guard case .impossible(let reason) = await sink.deliver(envelope("jörg@x.test", utf8: true)) else {
      Issue.record("sent where it is not offered")
      return
    }
    #expect(reason.contains("does not offer SMTPUTF8"))
  }

  @Test func aStrippedSTARTTLSIsAnError() async throws {
    // smtp-sink offers none, as a man in between would have it.
    let relay = try Relay(RelaySettings(host: "127.0.0.1", port: PostfixServer.access().sinkPort, tls: .starttls))
    let problem = try #require(await relay.probe())
    #expect(problem.needsPerson && problem.message.contains("does not offer STARTTLS"), "\(problem.message)")
  }
}
