import ArgumentParser
import Foundation
import Seeded

/// Kills the daemon at random moments while schedules fire every second, leaves it dead for a random while, and starts it again.
struct DaemonCampaign: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "daemon", abstract: "Kills the daemon while schedules fire every second.")

  @OptionGroup var options: CampaignOptions

  @Option(help: "How many kills.")
  var kills = 25

  @Option(help: "Jobs, each with a schedule that is due every second.")
  var schedules = 20

  @Option(help: "Items of each run.")
  var itemsOfRun = 3

  /// All that waits is done by then.
  private static let patience = Duration.seconds(600)

  func run() throws {
    print("seed \(options.seed): \(kills) kills of the daemon, \(schedules) schedules due every second")
    var random = SplitMix(seed: options.seed)
    let arena = try Arena(options)
    try writeJobs(arena, areScheduled: true)
    var judge = DaemonJudge(
      DaemonJudge.Campaign(
        schedules: schedules, items: itemsOfRun, ledger: "\(arena.folder)/ledger", state: arena.state,
        copies: "\(arena.folder)/copy"))
    for kill in 1...max(1, kills) {
      let daemon = try arena.start(["daemon"])
      // As often right after the start as at any moment of the seconds after it.
      let isEarly = Bool.random(using: &random)
      let life = isEarly ? Int.random(in: 0..<400, using: &random) : Int.random(in: 400..<2_500, using: &random)
      usleep(UInt32(life) * 1_000)
      guard daemon.kill() == .signalled(9) else {
        throw CampaignError("the daemon ended by itself: \(try arena.errors().suffix(3))")
      }
      let left = HostProcesses.leftBehind(by: daemon.pid, after: .seconds(5))
      if !left.isEmpty { judge.blame("host processes outlived the daemon: \(left)") }
      try judge.look()
      print("  kill \(kill) after \(life) ms: \(judge.words)")
      if Int.random(in: 0..<4, using: &random) == 0 { usleep(UInt32.random(in: 0..<2_500_000, using: &random)) }
    }
    try settle(arena)
    try judge.close()
    print("at the end: \(judge.words)")
    try judge.finish(kills: kills)
  }

  /// Nothing comes due any more: what was begun is brought to its end, then the daemon is told to leave.
  private func settle(_ arena: Arena) throws {
    try writeJobs(arena, areScheduled: false)
    let daemon = try arena.start(["daemon"])
    let deadline = ContinuousClock.now + Self.patience
    var open = -1
    while open != 0 {
      guard ContinuousClock.now < deadline, !daemon.hasEnded else {
        _ = daemon.kill()
        throw CampaignError("\(open) runs did not come to their end: \(try arena.errors().suffix(3))")
      }
      usleep(200_000)
      do {
        let database = try Database("\(arena.state)/carillon.db", isCopy: false)
        let rows = try database.rows(
          "SELECT count(*) FROM run WHERE finished_us IS NULL UNION ALL SELECT count(*) FROM schedule WHERE retired_us IS NULL")
        open = rows.reduce(0) { $0 + (Int($1[0]) ?? 0) }
      } catch {
        open = -1  // busy: look again
      }
    }
    Foundation.kill(daemon.pid, SIGTERM)
    guard daemon.wait(.seconds(60)) == .exited(0) else { throw CampaignError("the daemon did not drain") }
  }

  private func writeJobs(_ arena: Arena, areScheduled: Bool) throws {
    for number in 1...schedules {
      let name = "second-\(number)"
      let yaml = """
        name: \(name)
        plugin: misbehaving
        workers: 1
        \(areScheduled ? "schedules: [{cron: \"* * * * * *\", fields: 6, zone: UTC}]" : "summary: No longer due")
        retry: {max_attempts: 50, base: 10ms, cap: 100ms}
        config: {items: \(itemsOfRun), ledger: \(arena.folder)/ledger, ledger_runs: 1}
        """
      try yaml.write(toFile: "\(arena.folder)/jobs/\(name).yaml", atomically: true, encoding: .utf8)
    }
  }
}
