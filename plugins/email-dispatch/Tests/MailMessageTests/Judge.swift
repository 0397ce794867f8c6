import Foundation

@testable import MailMessage

/// Python's email package and dkimpy, asked about messages. `make mail-oracle` installs them.
enum Judge {
  struct Case: Encodable {
    var eml: Data
    var keys: [String: String] = [:]
    var utf8 = false
    var fields: [String]
    var subject: String
    var to: [String]
    var texts: [String: String]
    var files: [[String]] = []
  }

  struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  static let root = URL(fileURLWithPath: #filePath).pathComponents.dropLast(5).joined(separator: "/").replacing("//", with: "/")

  static var python: String {
    let own = "\(root)/.bench/venv-mail/bin/python"
    return ProcessInfo.processInfo.environment["CARILLON_MAIL_PYTHON"]
      ?? (FileManager.default.isExecutableFile(atPath: own) ? own : "/usr/bin/python3")
  }

  /// What is wrong with the messages; empty for nothing.
  static func findings(_ cases: [Case]) throws -> [String] {
    let encoder = JSONEncoder()
    var input = Data()
    for one in cases {
      input += try encoder.encode(one)
      input.append(10)
    }
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("carillon-mail-\(UUID().uuidString).ndjson")
    try input.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Oracle/judge.py").path
    ]
    process.standardInput = try FileHandle(forReadingFrom: file)
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    let complaints = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failed(
        description: "\(python) failed; `make mail-oracle` installs dkimpy: \(String(decoding: complaints, as: UTF8.self))")
    }
    return try JSONDecoder().decode([String].self, from: said)
  }
}

extension Judge.Case {
  /// What a message made of `mail` must be.
  init(_ mail: Mail, _ rendered: RenderedMail, keys: [String: String] = [:]) {
    var fields = ["date", "from", "to", "subject", "message-id", "mime-version", "content-type"]
    let isMultipart = mail.text != nil && mail.html != nil || !mail.files.isEmpty
    if !isMultipart { fields.append("content-transfer-encoding") }
    if mail.replyTo != nil { fields.append("reply-to") }
    if let unsubscribing = mail.unsubscribing {
      if !unsubscribing.targets.isEmpty { fields.append("list-unsubscribe") }
      if unsubscribing.isOneClick { fields.append("list-unsubscribe-post") }
    }
    fields += mail.extraFields.map { $0.name.lowercased() }
    fields += Array(repeating: "dkim-signature", count: keys.count)
    let ordered = mail.files.filter { $0.contentID != nil } + mail.files.filter { $0.contentID == nil }
    self.init(
      eml: Data(rendered.octets), keys: keys, utf8: rendered.needsSMTPUTF8, fields: fields, subject: mail.subject,
      to: [mail.to.name, mail.to.text], texts: [:],
      files: ordered.map { [$0.name, Data($0.content).base64EncodedString()] })
    texts["plain"] = mail.text
    texts["html"] = mail.html
  }
}
