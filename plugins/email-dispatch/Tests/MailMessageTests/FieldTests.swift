import Testing

@testable import MailMessage

/// What stands on the wire, octet for octet, where a standard says how.
@Suite struct FieldTests {
  private func text(_ field: HeaderField) -> String { String(decoding: field.octets, as: UTF8.self) }

  @Test(arguments: [
    ("Hello there", "Subject: Hello there\r\n"),
    ("Grüße", "Subject: =?utf-8?b?R3LDvMOfZQ==?=\r\n"),
    ("Grüße aus Bonn", "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe_aus_Bonn?=\r\n"),
    ("日本語", "Subject: =?utf-8?b?5pel5pys6Kqe?=\r\n"),
    ("two  spaces", "Subject: =?utf-8?q?two__spaces?=\r\n"),
    ("=?utf-8?q?x?=", "Subject: =?utf-8?b?PT91dGYtOD9xP3g/PQ==?=\r\n"),
    ("", "Subject:\r\n"),
  ])
  func subjects(_ value: String, _ wire: String) throws {
    #expect(text(try HeaderField.text("Subject", value)) == wire)
  }

  @Test(arguments: [
    ("", "To: a@b.test\r\n"), ("Ann Lee", "To: Ann Lee <a@b.test>\r\n"), ("Lee, Ann", "To: \"Lee, Ann\" <a@b.test>\r\n"),
    ("Ann \"the\" Lee", "To: \"Ann \\\"the\\\" Lee\" <a@b.test>\r\n"), ("Jörg", "To: =?utf-8?b?SsO2cmc=?= <a@b.test>\r\n"),
  ])
  func names(_ name: String, _ wire: String) throws {
    #expect(text(try HeaderField.addresses("To", [try MailAddress("a@b.test", name: name)])) == wire)
  }

  @Test func longFieldsAreFoldedAt78() throws {
    let folded = text(try HeaderField.text("Subject", String(repeating: "word ", count: 40).trimmingPrefix("x") + "end"))
    let lines = folded.split(separator: "\r\n")
    #expect(
      lines.count == 3 && lines.allSatisfy { $0.utf8.count <= 78 } && lines.dropFirst().allSatisfy { $0.hasPrefix(" word") })
  }

  @Test func fileNames() throws {
    #expect(try Parameter.pieces("filename", "a.pdf") == ["filename=a.pdf"])
    #expect(try Parameter.pieces("filename", "a b.pdf") == ["filename=\"a b.pdf\""])
    #expect(try Parameter.pieces("filename", "ü.pdf") == ["filename*=UTF-8''%C3%BC.pdf"])
    let long = try Parameter.pieces("filename", String(repeating: "ü", count: 30))
    #expect(long.count == 4 && long[0].hasPrefix("filename*0*=UTF-8''") && long[3].hasPrefix("filename*3*="))
  }

  @Test(arguments: [
    (Int64(0), "Thu, 1 Jan 1970 00:00:00 +0000"), (1_795_454_375, "Mon, 23 Nov 2026 17:19:35 +0000"),
    (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 +0000"),
  ])
  func dates(_ seconds: Int64, _ wire: String) { #expect(MailDate.text(seconds: seconds) == wire) }

  @Test func aMessageIDIsTheSameForTheSameItemOnly() {
    let id = MessageID(run: "r", item: "a", domain: "b.test")
    #expect(id == MessageID(run: "r", item: "a", domain: "b.test"))
    #expect(id != MessageID(run: "r", item: "b", domain: "b.test") && id != MessageID(run: "ra", item: "", domain: "b.test"))
    #expect(id.text.hasSuffix(".carillon@b.test"))
  }

  @Test(arguments: [
    "a", "@b", "a@", "a b@c.test", "a@b c.test", ".a@b.test", "a..b@c.test", "a@-b.test", "a@b..test", "a@[x y]", "\"a@b.test",
    "a<b@c.test", "a\u{202e}@b.test",
  ])
  func noAddress(_ text: String) { #expect(throws: MailError.self) { try MailAddress(text) } }
}
