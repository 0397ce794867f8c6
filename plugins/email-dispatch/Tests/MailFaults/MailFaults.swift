import CarillonPlugin
import CarillonPluginTesting
import EmailDispatch
import Foundation
import Glibc
import MailCampaign
import Seeded

/// What `make faults-mail` runs.
///
///     mail-faults conversations COUNT FOLDER [SEED]   COUNT conversations with a server that breaks every rule
///     mail-faults kills COUNT FOLDER [SEED]           a worker killed COUNT times in the midst of sending
///     mail-faults worker FOLDER PORT RUN LIST         (what `kills` kills: sends to the addresses in the file LIST)
@main
struct MailFaults {
  static func main() async throws {
    let words = Array(CommandLine.arguments.dropFirst())
    if words.first == "worker", words.count == 5, let port = Int(words[2]) {
      return try await work(folder: words[1], port: port, run: words[3], list: words[4])
    }
    guard words.count >= 3, let count = Int(words[1]) else {
      print("usage: mail-faults conversations|kills COUNT FOLDER [SEED]")
      exit(64)
    }
    let seed = words.count > 3 ? UInt64(words[3]) ?? 1 : UInt64.random(in: 0..<1_000_000_000)
    print("seed \(seed)")
    let folder = "\(words[2])/mail-\(getpid())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let findings =
      words[0] == "kills"
      ? try await Kills.run(count: count, folder: folder, seed: seed)
      : try await conversations(count: count, folder: folder, seed: seed)
    for finding in findings.prefix(20) { print(finding) }
    guard findings.isEmpty else { exit(1) }
    try FileManager.default.removeItem(atPath: folder)
  }

  private static func conversations(count: Int, folder: String, seed: UInt64) async throws -> [String] {
    let server = try ScriptedServer(ledger: "\(folder)/ledger.ndjson", seed: seed)
    var campaign = try Campaign(folder: folder, port: server.port)
    var addresses: [String] = []
    // New messages join until there were so many conversations; then all are brought to an end.
    var rounds = 0
    while campaign.tries < count || campaign.ends.count < addresses.count {
      if campaign.tries < count { addresses += (0..<400).map { "r\(addresses.count + $0)@example.org" } }
      try await campaign.round(addresses, run: "run")
      rounds += 1
      guard rounds < 500 else { break }
    }
    try server.stop()
    let ledger = try server.ledger()
    let ends = Array(campaign.ends.values)
    print(
      "\(campaign.tries) conversations about \(addresses.count) messages: \(ends.count { $0 == .sent }) sent, "
        + "\(ends.count { if case .held = $0 { true } else { false } }) held, \(ends.count { if case .failed = $0 { true } else { false } }) failed; "
        + "\(ledger.faults.values.reduce(0, +)) faults of \(ledger.faults.count) kinds; taken twice: \(ledger.taken.values.count { $0 > 1 })"
    )
    return campaign.findings(addresses, ledger)
  }

  /// One worker: sends, and prints each outcome the moment it has it.
  private static func work(folder: String, port: Int, run: String, list: String) async throws {
    let campaign = try Campaign(folder: folder, port: port)
    var script = Script()
    script.runID = run
    let harness = PluginHarness(EmailDispatchPlugin.self, config: campaign.config(), script: script)
    try await harness.create()
    harness.add(try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n").map { Campaign.item(String($0)) })
    print("ready")
    fflush(nil)
    try await harness.process()
    for completion in harness.record.completions {
      print("\(completion.kind)\t\(completion.key)\t\(completion.reason.replacing("\n", with: " "))")
    }
    try await harness.destroy()
  }
}

/// A worker that is killed at random moments. What it said of a message before is lost with it, as if the engine had not heard: so
/// only the mail log keeps a message from being sent twice.
enum Kills {
  static func run(count: Int, folder: String, seed: UInt64) async throws -> [String] {
    var random = SplitMix(seed: seed)
    let server = try ScriptedServer(ledger: "\(folder)/ledger.ndjson", seed: seed, options: ["--quiet"])
    var campaign = try Campaign(folder: folder, port: server.port)
    var addresses: [String] = []
    for kill in 0...count {
      if kill < count { addresses += (0..<60).map { "k\(addresses.count + $0)@example.org" } }
      let list = "\(folder)/list"
      try addresses.filter { campaign.ends[$0] == nil }.joined(separator: "\n").write(
        toFile: list, atomically: true, encoding: .utf8)
      let output = try worker(
        folder: folder, port: server.port, list: list,
        killAfter: kill < count ? UInt32.random(in: 0..<60_000, using: &random) : nil)
      // Only a worker that was not killed tells; but the engine, too, knows some of the outcomes of one that was.
      for line in output {
        let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3 else { continue }
        campaign.judge(parts[1], kind(parts[0]), parts[2])
      }
    }
    // What was put off meanwhile.
    for _ in 0..<5 where campaign.ends.count < addresses.count { try await campaign.round(addresses, run: "run") }
    try server.stop()
    let ledger = try server.ledger()
    print(
      "\(count) kills, \(addresses.count) messages: \(campaign.ends.values.count { $0 == .sent }) sent, "
        + "\(campaign.ends.values.count { if case .held = $0 { true } else { false } }) held; taken twice: \(ledger.taken.values.count { $0 > 1 })"
    )
    return campaign.findings(addresses, ledger)
  }

  private static func kind(_ name: String) -> Outcome.Kind {
    switch name {
    case "succeeded": .succeeded
    case "failed": .failed
    case "skipped": .skipped
    default: .retry
    }
  }

  private static func worker(folder: String, port: Int, list: String, killAfter: UInt32?) throws -> [String] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["worker", folder, "\(port)", "run", list]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    var said: [UInt8] = []
    while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 { said.append(byte) }
    if let killAfter {
      usleep(killAfter)
      kill(process.processIdentifier, SIGKILL)
    }
    let rest = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: rest, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
