import CarillonPlugin
import CarillonPluginTesting
import EmailDispatch
import Foundation
import SMTPClient

/// Sends distinct messages with the plugin, everything included: reading the list, checking every message, rendering, the mail log.
///
///     mail-bench FOLDER PORT CONNECTIONS COUNT [KEYFILE]   the whole plugin; signed where there is a key
///     mail-bench prepared PORT CONNECTIONS COUNT           only the connections: messages that are made before, no log
///
/// Prints messages a second.
@main
struct MailBench {
  static func main() async throws {
    let words = Array(CommandLine.arguments.dropFirst())
    guard words.count >= 4, let port = Int(words[1]), let connections = Int(words[2]), let count = Int(words[3]) else {
      print("usage: mail-bench FOLDER|prepared PORT CONNECTIONS COUNT [KEYFILE]")
      exit(64)
    }
    if words[0] == "prepared" { return try await sendPrepared(port: port, connections: connections, count: count) }
    let folder = words[0] + "/mail-bench-\(getpid())"
    try FileManager.default.createDirectory(atPath: folder + "/template", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try write(count: count, to: folder)
    let signature = words.count > 4 ? #""dkim": [{"domain": "example.org", "selector": "s", "keyFile": "\#(words[4])"}],"# : ""
    let config = """
      {"from": "Example <news@example.org>", "log": "\(folder)/mail.db", "recipients": {"file": "\(folder)/list.csv"}, \(signature)
       "template": {"folder": "\(folder)/template"}, "unsubscribe": {"url": "https://example.org/u?id={{id}}"},
       "smtp": {"host": "127.0.0.1", "port": \(port), "tls": "none", "connections": \(connections), "messagesPerConnection": 1000000}}
      """
    let harness = PluginHarness(EmailDispatchPlugin.self, config: config)
    let clock = ContinuousClock()
    let start = clock.now
    try await harness.create()
    try await harness.discover()
    let discovered = clock.now
    try await harness.process()
    let end = clock.now
    try await harness.destroy()
    let sent = harness.record.completions.count { $0.kind == .succeeded }
    guard sent == count else {
      print("only \(sent) of \(count) were sent: \(harness.record.completions.first { $0.kind != .succeeded }?.reason ?? "")")
      exit(1)
    }
    let seconds = (end - start) / .seconds(1)
    FileHandle.standardError.write(
      Data("naming and checking \((discovered - start) / .seconds(1)) s, sending \((end - discovered) / .seconds(1)) s\n".utf8))
    print(Int((Double(count) / seconds).rounded()))
  }

  private static func sendPrepared(port: Int, connections: Int, count: Int) async throws {
    let line = String(repeating: "0123456789", count: 7) + "\r\n"
    let envelopes = (0..<count).map { number in
      let head =
        "From: news@example.org\r\nTo: user\(number)@example.net\r\nSubject: number \(number)\r\nMessage-ID: <\(number)@example.org>\r\n\r\n"
      let text = head + String(repeating: line, count: (4_096 - head.utf8.count) / line.utf8.count)
      return Envelope(
        sender: "news@example.org", recipient: "user\(number)@example.net", octets: Array(text.utf8), needsSMTPUTF8: false,
        mark: { {} })
    }
    var settings = RelaySettings(host: "127.0.0.1", port: port, tls: .none)
    settings.maxConnections = connections
    settings.messagesPerConnection = .max
    let relay = Relay(settings)
    let clock = ContinuousClock()
    let start = clock.now
    let sent = await withTaskGroup(of: Bool.self) { group in
      var left = envelopes[...]
      for envelope in left.prefix(128) {
        group.addTask { if case .accepted = await relay.deliver(envelope) { true } else { false } }
      }
      left = left.dropFirst(128)
      var sent = 0
      for await isSent in group {
        sent += isSent ? 1 : 0
        if let next = left.popFirst() {
          group.addTask { if case .accepted = await relay.deliver(next) { true } else { false } }
        }
      }
      return sent
    }
    let seconds = (clock.now - start) / .seconds(1)
    relay.close()
    guard sent == count else {
      print("only \(sent) of \(count) were sent")
      exit(1)
    }
    print(Int((Double(count) / seconds).rounded()))
  }

  /// Messages of some 4 kB on the wire: text and HTML.
  private static func write(count: Int, to folder: String) throws {
    var list = "email,name,id,city,plan,amount\n"
    for number in 0..<count {
      list +=
        "user\(number)@example.net,Person \(number),\(number),Town \(number % 97),plan \(number % 5),\(number % 1000).50\n"
    }
    try list.write(toFile: folder + "/list.csv", atomically: true, encoding: .utf8)
    let line = "Your plan {{plan}} in {{city}} costs {{amount}} this month, and it will next month."
    let text =
      "Dear {{name}},\n\n" + String(repeating: line + "\n", count: 12) + "\nYour number is {{id}}.\n{{unsubscribe_url}}\n"
    let html =
      "<html><body><p>Dear {{name}},</p>\n" + String(repeating: "<p>\(line)</p>\n", count: 20)
      + "<a href=\"{{unsubscribe_url}}\">leave</a></body></html>\n"
    try "Your month in {{city}}, {{name}}\n".write(toFile: folder + "/template/subject.txt", atomically: true, encoding: .utf8)
    try text.write(toFile: folder + "/template/body.txt", atomically: true, encoding: .utf8)
    try html.write(toFile: folder + "/template/body.html", atomically: true, encoding: .utf8)
  }
}
