import ArgumentParser
import Glibc
import Seeded

/// Kills workers under a living engine: every item is done, and none that was not alone pays for it.
struct WorkerCampaign: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workers", abstract: "Kills workers at random moments of a run.")

  @OptionGroup var options: CampaignOptions

  @Option(help: "How many kills.")
  var kills = 25

  @Option(help: "Kills in one run at most; the rest falls to the next.")
  var killsOfRun = 12

  func run() throws {
    print("seed \(options.seed): \(kills) kills of workers, runs of \(options.items) items")
    var random = SplitMix(seed: options.seed)
    let arena = try Arena(options)
    var score = Score(name: "workers")
    var runs = 0
    repeat {
      let job = try arena.makeJob(runs, isSerial: runs % 3 == 2)
      var judge = Judge(job, allowsDeaths: true)
      let engine = try arena.start(["run", job.name])
      // Before there is a run, the plugin is only asked whether it takes the configuration: who kills that is told so.
      Moment.discovering(microseconds: 0).wait(for: engine, job: job, state: arena.state)
      let killed = harass(engine, atMost: min(killsOfRun, kills - score.kills), using: &random)
      let end = engine.wait(.seconds(300))
      if end != .exited(0) {
        judge.blame("the engine ended as \(end.map { "\($0)" } ?? "never"): \(try arena.errors().suffix(3))")
      }
      let left = HostProcesses.leftBehind(by: engine.pid, after: .seconds(5))
      if !left.isEmpty { judge.blame("host processes outlived their engine: \(left)") }
      guard let snapshot = try RunSnapshot.take(of: job.name, state: arena.state, copyTo: "\(arena.folder)/copy") else {
        throw CampaignError("\(job.name): no run is in the store")
      }
      judge.close(snapshot, try Ledger(job.ledger))
      let deaths = snapshot.items.reduce(0) { $0 + $1.deaths }
      if deaths > killed { judge.blame("\(killed) workers were killed, and items charged with \(deaths) deaths") }
      print("  \(job.name) (\(job.plugin)): \(killed) kills, \(deaths) of an item alone")
      score.add(judge, kills: killed)
      runs += 1
    } while score.kills < kills
    try score.finish()
  }

  /// Kills a random worker now and then until the engine ends. Returns how many.
  private func harass(_ engine: EngineProcess, atMost limit: Int, using random: inout SplitMix) -> Int {
    var killed = 0
    while !engine.hasEnded, killed < limit {
      usleep(.random(in: 5_000..<150_000, using: &random))
      if let host = HostProcesses.of(engine: engine.pid).randomElement(using: &random), kill(host, SIGKILL) == 0 { killed += 1 }
    }
    return killed
  }
}
