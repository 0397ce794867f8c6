package import CarillonPlugin
package import CarillonPluginTesting
import EmailDispatch
import Foundation

/// Messages to a server that breaks every rule, tried until each has an end, as the engine would.
package struct Campaign: Sendable {
  /// What became of one message in the end, as its sender says.
  package enum End: Hashable, Sendable {
    case sent
    case failed(String)
    /// It may have arrived, and nobody sends it again by himself.
    case held(String)
  }

  package let folder: String
  package let port: Int

  /// Ends that are known, by address.
  package private(set) var ends: [String: End] = [:]

  /// Tries, all messages together.
  package private(set) var tries = 0

  /// What the plugin must never do: an outcome that the contract does not know, a breach.
  package private(set) var complaints: [String] = []

  /// Makes `folder` with a template.
  package init(folder: String, port: Int) throws {
    self.folder = folder
    self.port = port
    let templates = "\(folder)/template"
    try FileManager.default.createDirectory(atPath: templates, withIntermediateDirectories: true)
    try "Hello {{name}}\n".write(toFile: "\(templates)/subject.txt", atomically: true, encoding: .utf8)
    try (String(repeating: "Dear {{name}}, this is a line of some length.\n", count: 8)).write(
      toFile: "\(templates)/body.txt", atomically: true, encoding: .utf8)
  }

  package func config(unknown: String = "hold", connections: Int = 16) -> String {
    """
    {"from": "Tests <tests@example.org>", "log": "\(folder)/mail.db", "unknown": "\(unknown)", "recipients": {"event": {}},
     "template": {"folder": "\(folder)/template"}, "retry": {"giveUpAfter": "4d"},
     "smtp": {"host": "127.0.0.1", "port": \(port), "tls": "none", "connections": \(connections),
     "timeouts": {"connect": "900ms", "reply": "400ms", "end": "400ms"}}}
    """
  }

  package static func item(_ address: String) -> TestItem {
    let recipient = Recipient(address: address, values: ["name": .text("Ann"), "email": .text(address)])
    var payload: [UInt8] = []
    MailItem.recipient(recipient).writePayload(to: &payload)
    return TestItem(key: address, payload: payload)
  }

  /// Tries all that have no end yet, once each.
  package mutating func round(_ addresses: [String], run: String) async throws {
    var script = Script()
    script.runID = run
    let harness = PluginHarness(EmailDispatchPlugin.self, config: config(), script: script, patience: .seconds(120))
    try await harness.create()
    harness.add(addresses.filter { ends[$0] == nil }.map(Self.item))
    try await harness.process()
    try await harness.destroy()
    let record = harness.record
    complaints += record.breaches
    tries += record.completions.count
    for completion in record.completions { judge(completion.key, completion.kind, completion.reason) }
  }

  /// What one outcome means.
  package mutating func judge(_ address: String, _ kind: Outcome.Kind, _ reason: String) {
    switch kind {
    case .succeeded: ends[address] = .sent
    case .failed where reason.hasPrefix("may have arrived"): ends[address] = .held(reason)
    case .failed: ends[address] = .failed(reason)
    case .retry, .unavailable, .rateLimited: break
    case .skipped: ends[address] = .failed("skipped: \(reason)")
    }
  }

  /// Where the sender's story and the server's ledger differ; empty for nowhere.
  package func findings(_ addresses: [String], _ ledger: Ledger) -> [String] {
    var found = complaints
    for address in addresses {
      let taken = ledger.taken[address] ?? 0
      switch ends[address] {
      case .sent where taken != 1: found.append("\(address): said to be sent, and the server took it \(taken) times")
      case .failed(let reason) where taken != 0:
        found.append("\(address): failed (\(reason)), and the server took it \(taken) times")
      case .held where taken > 1: found.append("\(address): held, and the server took it \(taken) times")
      case nil: found.append("\(address): has no end")
      default: break
      }
    }
    for address in ledger.taken.keys where !addresses.contains(address) { found.append("\(address): nobody wrote to them") }
    return found
  }
}
