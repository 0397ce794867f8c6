import Foundation
import Seeded
import Testing

@testable import MailMessage

/// `CARILLON_HOSTILE_MAILS` sets how many are made; 10,000 by `make faults-mail`.
@Suite struct HostileTests {
  private static func count() -> Int {
    ProcessInfo.processInfo.environment["CARILLON_HOSTILE_MAILS"].flatMap { Int($0) } ?? 600
  }

  /// Whatever stands in a name, subject, text or file name: one message comes of it, as another parser reads it, or none.
  @Test func everyMessageIsExactlyOne() throws {
    let seed = UInt64.random(in: 0..<1_000_000_000)
    print("hostile mails: seed \(seed)")
    var random = SplitMix(seed: seed)
    let (signers, records) = (try Keys.signers(), try Keys.records())
    var cases: [Judge.Case] = []
    var refused = 0
    while cases.count < Self.count() {
      do {
        let mail = try Self.mail(&random, number: cases.count)
        // Signing with RSA takes a while in a debug build.
        let isSigned = cases.count % 20 == 0
        cases.append(Judge.Case(mail, try mail.render(signers: isSigned ? signers : []), keys: isSigned ? records : [:]))
      } catch let error as MailError {
        refused += 1
        #expect(!error.message.unicodeScalars.contains { $0 == "\r" || $0 == "\n" || $0 == "\0" })
      }
    }
    #expect(refused > cases.count / 10)
    let findings = try Judge.findings(cases)
    #expect(findings.isEmpty, "seed \(seed): \(findings.prefix(5).joined(separator: "\n"))")
  }

  private static func mail(_ random: inout SplitMix, number: Int) throws -> Mail {
    let breaks = Int.random(in: 0..<4, using: &random)
    let to = try MailAddress(
      HostileText.address(&random), name: HostileText.line(&random, withBreaks: breaks == 0 && Bool.random(using: &random)))
    var mail = Mail(
      from: try MailAddress("sender@example.org", name: HostileText.line(&random)), to: to,
      subject: HostileText.line(&random, withBreaks: breaks == 1 && Bool.random(using: &random)),
      id: MessageID(run: "run", item: "\(number)", domain: "example.org"),
      dateSeconds: Int64.random(in: 0..<1_700_000_000, using: &random))
    mail.text = HostileText.body(&random).replacing("\0", with: "")
    if Bool.random(using: &random) { mail.html = "<p>" + HostileText.body(&random) + "</p>" }
    if Bool.random(using: &random) {
      mail.unsubscribing = try Unsubscribing(
        targets: ["https://example.org/u?\(number)", "mailto:u@example.org"], isOneClick: true)
    }
    if Bool.random(using: &random) { mail.extraFields = [("X-Campaign", HostileText.line(&random))] }
    if Bool.random(using: &random) {
      let name = HostileText.line(&random, withBreaks: breaks == 2 && Bool.random(using: &random))
      mail.files.append(
        MailFile(
          name: "a" + name, mediaType: "application/pdf",
          content: (0..<100).map { _ in UInt8.random(in: 0...255, using: &random) }))
    }
    if mail.html != nil, Bool.random(using: &random) {
      mail.files.append(MailFile(name: "logo.png", mediaType: "image/png", content: [1, 2, 3], contentID: "logo@example.org"))
    }
    return mail
  }

  @Test(arguments: ["\r\n", "\n", "\r", "\0", "\r\nBcc: x@y.test"])
  func nothingIsInjected(_ bad: String) throws {
    let good = try MailAddress("a@b.test")
    func mail(_ change: (inout Mail) throws -> Void) throws -> RenderedMail {
      var mail = Mail(from: good, to: good, subject: "s", id: MessageID(run: "r", item: "i", domain: "b.test"), dateSeconds: 0)
      mail.text = "x"
      try change(&mail)
      return try mail.render()
    }
    _ = try mail { _ in }
    #expect(throws: MailError.self) { try mail { $0.subject = "a\(bad)b" } }
    #expect(throws: MailError.self) { try mail { $0.to = try MailAddress("a@b.test", name: "x\(bad)") } }
    #expect(throws: MailError.self) { try mail { $0.to = try MailAddress("a\(bad)@b.test") } }
    #expect(throws: MailError.self) { try mail { $0.to = try MailAddress("a@b\(bad).test") } }
    #expect(throws: MailError.self) { try mail { $0.extraFields = [("X-A", "v\(bad)")] } }
    #expect(throws: MailError.self) { try mail { $0.extraFields = [("X-A\(bad)", "v")] } }
    #expect(throws: MailError.self) { try mail { $0.files = [MailFile(name: "n\(bad)", mediaType: "a/b", content: [])] } }
    #expect(throws: MailError.self) { try mail { $0.files = [MailFile(name: "n", mediaType: "a/b\(bad)", content: [])] } }
    #expect(throws: MailError.self) {
      try mail { $0.files = [MailFile(name: "n", mediaType: "a/b", content: [], contentID: "a\(bad)@b")] }
    }
    #expect(throws: MailError.self) { try Unsubscribing(targets: ["https://x/\(bad)"], isOneClick: false) }
  }
}
