import CarillonPlugin
import CarillonPluginTesting
import EmailDispatch
import Foundation

/// Sends distinct messages with the plugin, everything included: reading the list, checking every message, rendering, the mail log.
///
///     mail-bench FOLDER PORT CONNECTIONS COUNT [rsa|ed25519]
///
/// Prints messages a second.
@main
struct MailBench {
  static func main() async throws {
    let words = Array(CommandLine.arguments.dropFirst())
    guard words.count >= 4, let port = Int(words[1]), let connections = Int(words[2]), let count = Int(words[3]) else {
      print("usage: mail-bench FOLDER PORT CONNECTIONS COUNT [KEYFILE]")
      exit(64)
    }
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

  /// Messages of some 4 kB on the wire: text and HTML.
  private static func write(count: Int, to folder: String) throws {
    var list = "email,name,id,city,plan,amount\n"
    for number in 0..<count { list += "user\(number)@example.net,Person \(number),\(number),Town \(number % 97),plan \(number % 5),\(number % 1000).50\n" }
    try list.write(toFile: folder + "/list.csv", atomically: true, encoding: .utf8)
    let line = "Your plan {{plan}} in {{city}} costs {{amount}} this month, and it will next month."
    let text = "Dear {{name}},\n\n" + String(repeating: line + "\n", count: 12) + "\nYour number is {{id}}.\n{{unsubscribe_url}}\n"
    let html =
      "<html><body><p>Dear {{name}},</p>\n" + String(repeating: "<p>\(line)</p>\n", count: 20) + "<a href=\"{{unsubscribe_url}}\">leave</a></body></html>\n"
    try "Your month in {{city}}, {{name}}\n".write(toFile: folder + "/template/subject.txt", atomically: true, encoding: .utf8)
    try text.write(toFile: folder + "/template/body.txt", atomically: true, encoding: .utf8)
    try html.write(toFile: folder + "/template/body.html", atomically: true, encoding: .utf8)
  }
}
