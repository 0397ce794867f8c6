import CarillonPlugin
import CarillonPluginTesting
import Foundation
import GRDB
import MailCampaign
import Testing

@testable import EmailDispatch

@Suite struct PluginTests {
  private let folder = ScratchFolder()

  init() throws {
    try folder.write("mail/subject.txt", "Welcome, {{name}}!\n")
    try folder.write("mail/subject.de.txt", "Willkommen, {{name}}!\n")
    try folder.write("mail/body.txt", "Dear {{name}},\n\n{{> footer}}\n")
    try folder.write("mail/body.html", "<p>Dear {{name}},</p><img src=\"{{images.logo}}\" alt=\"\">\n")
    try folder.write("mail/body.de.txt", "Hallo {{name}}\n")
    try folder.write("shared/layout.html", "<html><body>{{> content}}<a href=\"{{unsubscribe_url}}\">leave</a></body></html>\n")
    try folder.write("shared/footer.txt", "The team\n")
    try folder.write("logo.png", "PNG")
    try folder.write("list.csv", "email,name,id,locale\nann@x.test,Ann <Lee>,1,en\njörg@münchen.example,Jörg,2,de-AT\n")
  }

  private func config(port: Int, _ change: (inout [String: Any]) -> Void = { _ in }) throws -> String {
    var config: [String: Any] = [
      "from": "Example <news@example.org>", "log": "\(folder.path)/mail.db",
      "recipients": ["file": "\(folder.path)/list.csv"],
      "template": ["folder": "\(folder.path)/mail", "shared": "\(folder.path)/shared"],
      "images": ["logo": "\(folder.path)/logo.png"], "headers": ["X-Campaign": "spring {{id}}"],
      "unsubscribe": ["url": "https://example.org/u?m={{email}}"],
      "smtp": [
        "host": "127.0.0.1", "port": port, "tls": "none", "timeouts": ["connect": "1s", "reply": "400ms", "end": "400ms"],
      ],
    ]
    change(&config)
    return String(decoding: try JSONSerialization.data(withJSONObject: config), as: UTF8.self)
  }

  private func run(_ config: String, id: String = "run-1", isPlan: Bool = false, event: String? = nil) async throws -> RunRecord
  {
    var script = Script()
    (script.runID, script.isPlan, script.event) = (id, isPlan, event)
    return try await PluginHarness(EmailDispatchPlugin.self, config: config, script: script).run()
  }

  private func server(_ options: [String] = ["--quiet"]) throws -> ScriptedServer {
    try ScriptedServer(ledger: "\(folder.path)/ledger", seed: 1, options: options)
  }

  private func rows(_ sql: String) throws -> [Row] {
    // The plugin's own connection may be closing.
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    return try DatabaseQueue(path: "\(folder.path)/mail.db", configuration: configuration).read {
      try Row.fetchAll($0, sql: sql)
    }
  }

  @Test func eachIsSentOnceAndIsInTheLog() async throws {
    let server = try server()
    let record = try await run(try config(port: server.port))
    #expect(record.completions.map(\.kind) == [.succeeded, .succeeded], "\(record.completions)")
    // The same items again, as after a crash: nobody is written to twice.
    let again = try await run(try config(port: server.port))
    #expect(again.completions.map(\.kind) == [.succeeded, .succeeded])
    try server.stop()
    #expect(try server.ledger().taken == ["ann@x.test": 1, "jörg@xn--mnchen-3ya.example": 1])
    let rows = try rows("SELECT * FROM mail ORDER BY address")
    let first: [String?] = ["status", "user", "type", "reply"].map { rows[0][$0] as String? }
    #expect(rows.count == 2 && first == ["sent", "1", "job", "250 2.0.0 taken"])
    let ids = rows.map { row -> String in row["message_id"] }
    #expect(ids[0] != ids[1])
    let sentAt: Int64? = rows[0]["sent_at_us"]
    #expect(sentAt != nil)
    #expect(record.report?.contains("\"sent\":2") == true)
  }

  @Test func aPlanRendersAndSendsNothing() async throws {
    // Nobody listens there.
    let record = try await run(try config(port: 1), isPlan: true)
    #expect(record.completions.map(\.kind) == [.succeeded, .succeeded], "\(record.completions)")
    let mail = try #require(record.artifacts.first { $0.key.hasPrefix("m-ann-x.test-") && $0.key.hasSuffix(".eml") }?.value)
    #expect(mail.mediaType == "message/rfc822")
    for line in [
      "From: Example <news@example.org>", "To: \"Ann <Lee>\" <ann@x.test>", "Subject: Welcome, Ann <Lee>!",
      "X-Campaign: spring 1",
      "List-Unsubscribe: <https://example.org/u?m=ann%40x.test>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
      "Content-ID: <logo@example.org>",
      "Dear Ann &lt;Lee&gt;,</p>", "cid:logo@example.org", "The team",
    ] { #expect(mail.text.contains(line), "\(line) in\n\(mail.text)") }
    let german = try #require(record.artifacts.first { $0.key.hasPrefix("m-j") }?.value)
    #expect(
      german.text.contains("Hallo J=C3=B6rg") && german.text.contains("To: =?utf-8?b?SsO2cmc=?= <jörg@xn--mnchen-3ya.example>"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/mail.db"))
  }

  @Test func aMissingVariableStopsEverythingBeforeAnythingIsSent() async throws {
    try folder.write("mail/body.txt", "Dear {{name}},\nyour code is {{cod}}\n")
    let server = try server()
    let record = try await run(try config(port: server.port))
    try server.stop()
    #expect(record.items.map(\.key) == ["refused"])
    let reason = try #require(record.completion("refused")?.reason)
    #expect(
      reason
        == "nothing is sent: \(folder.path)/list.csv:2 (ann@x.test): \(folder.path)/mail/body.txt:2: {{cod}} is missing; mend that and run the job again",
      "\(reason)")
    #expect(try server.ledger().taken.isEmpty)
  }

  @Test func mistakesInTheListAreAllNamed() async throws {
    try folder.write("list.csv", "email,name,id,locale\nann@x.test,Ann,1,en\nnobody,X,2,\n,Y,3,\n\"a\nb@x.test\",Z,4,\n")
    let record = try await run(try config(port: 1), isPlan: true)
    let errors = record.logs.filter { $0.level == .error }.map(\.message)
    #expect(errors.count == 3 && errors[0].contains("list.csv:3 (nobody): \"nobody\" is no mail address"), "\(errors)")
    #expect(record.completion("refused")?.kind == .failed)
  }

  @Test func hardBouncesAndUnsubscribedGetNothingMore() async throws {
    try folder.write("gone.csv", "email\nANN@x.test\n")
    let server = try server(["--only", "rcpt:550 5.1.1 no such user"])
    let config = try config(port: server.port) { $0["suppress"] = ["file": "\(folder.path)/gone.csv"] }
    let record = try await run(config)
    #expect(record.completion("ann@x.test")?.reason == "ann@x.test is on the suppression list: unsubscribed")
    let bounced = try #require(record.completion("jörg@münchen.example"))
    #expect(bounced.kind == .failed && bounced.reason == "127.0.0.1 refused RCPT: 550 5.1.1 no such user")
    let next = try await run(config, id: "run-2")
    #expect(next.completions.map(\.kind) == [.skipped, .skipped])
    var report = RunReport(succeeded: 0, dead: 0)
    for reason in next.completions.map(\.reason) + ["duplicate of run 20261123T092907-yhazz2"] { report.skip(reason) }
    #expect(report.suppressed == 2 && report.duplicates == 1)
    try server.stop()
    let reasons = try rows("SELECT reason FROM suppression ORDER BY 1").map { row -> String in row[0] }
    #expect(reasons == ["hard bounce", "unsubscribed"])
  }

  @Test func whatIsPutOffWaitsForGreylisting() async throws {
    let server = try server(["--only", "rcpt:450 4.2.0 greylisted"])
    let first = try await run(try config(port: server.port)).completion("ann@x.test")
    #expect(first?.kind == .retry && first?.after == .seconds(900), "\(String(describing: first))")
    let second = try await run(try config(port: server.port)).completion("ann@x.test")
    #expect(second?.kind == .retry && second?.after == .seconds(1_800))
    let last = try await run(try config(port: server.port) { $0["retry"] = ["giveUpAfter": "0"] }).completion("ann@x.test")
    #expect(last?.kind == .failed && last?.reason == "given up after 0 hours: 127.0.0.1 put RCPT off: 450 4.2.0 greylisted")
    try server.stop()
  }

  @Test func aLostReplyIsHeldUntilAPersonSaysSo() async throws {
    let broken = try server(["--only", "after:drop"])
    let held = try #require(try await run(try config(port: broken.port)).completion("ann@x.test"))
    #expect(
      held.kind == .failed && held.reason.hasPrefix("may have arrived, so it is held")
        && held.reason.hasSuffix("\"resend\": 1"), "\(held.reason)")
    try broken.stop()
    let good = try server()
    // A retry without a word changes nothing.
    #expect(try await run(try config(port: good.port)).completion("ann@x.test")?.reason.hasPrefix("may have arrived") == true)
    func send(resend: Int) async throws -> Completion? {
      var script = Script()
      script.runID = "run-1"
      let harness = PluginHarness(EmailDispatchPlugin.self, config: try config(port: good.port), script: script)
      try await harness.create()
      harness.add([
        TestItem(
          key: "ann@x.test",
          payload: #"{"address":"ann@x.test","values":{"name":"Ann","id":"1","email":"ann@x.test"},"resend":\#(resend)}"#)
      ])
      try await harness.process()
      try await harness.destroy()
      return harness.record.completion("ann@x.test")
    }
    #expect(try await send(resend: 2)?.kind == .failed)
    #expect(try await send(resend: 1)?.kind == .succeeded)
    #expect(try await send(resend: 1)?.kind == .succeeded)
    try good.stop()
    #expect(try good.ledger().taken["ann@x.test"] == 2)
    let row = try #require(try rows("SELECT tries || '', resends || '', status FROM mail WHERE address = 'ann@x.test'").first)
    let told: [String?] = (0..<3).map { row[$0] as String? }
    #expect(told == ["2", "1", "sent"])
  }

  @Test func orIsSentAgainAndSaidToBe() async throws {
    let broken = try server(["--only", "after:drop"])
    let resend = { [self] (port: Int) in try config(port: port) { $0["unknown"] = "resend" } }
    let first = try #require(try await run(try resend(broken.port)).completion("ann@x.test"))
    #expect(first.kind == .retry && first.reason.hasPrefix("may have arrived; it will be sent again"))
    try broken.stop()
    let good = try server()
    let record = try await run(try resend(good.port))
    #expect(record.completion("ann@x.test")?.kind == .succeeded)
    #expect(
      record.logs.contains { $0.level == .warning && $0.message.hasPrefix("sent again, although try 1 may have arrived") })
    #expect(record.report?.contains("\"sentAgain\":2") == true, "\(record.report ?? "")")
    try good.stop()
  }

  @Test func aServerThatIsNotThereCostsNothing() async throws {
    let record = try await run(try config(port: 1))
    let completion = try #require(record.completion("ann@x.test"))
    #expect(completion.kind == .unavailable && completion.dependency == "127.0.0.1:1", "\(completion)")
    #expect(record.logs.contains { $0.message.hasPrefix("the server is not there right now") })
  }

  @Test func aWrongHostStopsTheRun() async throws {
    let record = try await run(try config(port: 25) { $0["smtp"] = ["host": "mail.invalid", "port": 25, "tls": "none"] })
    let reason = try #require(record.completion("refused")?.reason)
    #expect(reason.hasPrefix("nothing is sent: mail.invalid:25: there is no host of this name"), "\(reason)")
  }

  @Test func limitsOfADomain() async throws {
    try folder.write("list.csv", "email,name,id,locale\n" + (0..<40).map { "a\($0)@x.test,A,\($0),\n" }.joined())
    let server = try server()
    let record = try await run(
      try config(port: server.port) { $0["domains"] = ["X.test": ["concurrency": 2], "*": ["perMinute": 1]] })
    #expect(record.completions.allSatisfy { $0.kind == .succeeded } && record.completions.count == 40)
    try folder.write("list.csv", "email,name,id,locale\nb@y.test,A,1,\nc@y.test,A,1,\n")
    let slow = try await run(try config(port: server.port) { $0["domains"] = ["*": ["perMinute": 1]] }, id: "run-2")
    #expect(Set(slow.completions.map(\.kind)) == [.succeeded, .rateLimited])
    try server.stop()
  }

  @Test func aListWithoutRecipientsIsSaidToBe() async throws {
    try folder.write("list.csv", "email,name\n")
    let record = try await run(try config(port: 1), isPlan: true)
    #expect(record.items.isEmpty && record.logs.contains { $0.message == "there are no recipients: nothing is sent" })
  }

  @Test func anEventBeginsAWelcomeMail() async throws {
    let server = try server()
    let config = try config(port: server.port) { $0["recipients"] = ["event": ["type": "user_registered", "at": "user"]] }
    let record = try await run(config, event: #"{"type":"user_registered","user":{"email":"new@x.test","name":"New","id":9}}"#)
    #expect(record.completion("new@x.test")?.kind == .succeeded)
    try server.stop()
  }

  @Test func attachmentsOfEachRecipient() async throws {
    try folder.write("invoices/1.txt", "one")
    let config = try config(port: 1) {
      $0["attachments"] = [["file": "\(folder.path)/invoices/{{id}}.txt", "name": "Invoice {{id}}.txt"]]
      $0["template"] = ["folder": "\(folder.path)/mail", "shared": "\(folder.path)/shared"]
    }
    try folder.write("list.csv", "email,name,id,locale\nann@x.test,Ann,1,\n")
    let mail = try #require(try await run(config, isPlan: true).artifacts.values.first)
    #expect(mail.text.contains("filename=\"Invoice 1.txt\"") && mail.text.contains(Data("one".utf8).base64EncodedString()))
    try folder.write("list.csv", "email,name,id,locale\nann@x.test,Ann,../../etc/passwd,\n")
    #expect(
      try await run(config, isPlan: true).completion("refused")?.reason.contains("config.attachments.0.file:1: {{id}} is null")
        == true)
  }

  @Test func keepsTheContract() async throws {
    let server = try server()
    let findings = await Conformance.check(
      PluginUnderTest(EmailDispatchPlugin.self), config: try config(port: server.port), planLeavesArtifacts: true)
    #expect(findings.isEmpty, "\(findings)")
    try server.stop()
  }

  @Test func wrongConfigurationsAreNamed() async throws {
    let config = try config(port: 0) {
      $0["from"] = "nobody"
      $0["dkim"] = [["domain": "example.org", "selector": "s"]]
      $0["log"] = "mail.db"
      $0["recipients"] = [String: String]()
      $0["smtp"] = ["host": "mail.example.org", "port": 0, "tls": "none", "user": "u", "password": "p", "typo": 1]
    }
    let found = try await PluginHarness(EmailDispatchPlugin.self, config: config).check()
    let errors = Set(found.filter { $0.severity == .error }.map(\.pointer))
    #expect(
      errors.isSuperset(of: ["/from", "/dkim/0", "/log", "/recipients", "/smtp/port", "/smtp/tls", "/smtp/typo"]), "\(found)")
  }
}
