import ArgumentParser
import Seeded

/// Kills the engine at random moments and resumes, until so many kills are done.
struct KillCampaign: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kill", abstract: "Kills the engine at random moments of a run, and resumes it.")

  @OptionGroup var options: CampaignOptions

  @Option(help: "How many kills.")
  var kills = 25

  @Option(help: "Kills of one run at most; then it may end, and another begins.")
  var killsOfRun = 20

  func run() throws {
    print("seed \(options.seed): \(kills) kills of the engine, runs of \(options.items) items")
    var random = SplitMix(seed: options.seed)
    let arena = try Arena(options)
    var score = Score(name: "kill")
    var states: [String: Int] = [:]
    var runs = 0
    repeat {
      let job = try arena.makeJob(runs, isSerial: runs % 3 == 2)
      var trial = KillTrial(arena: arena, job: job)
      try trial.drive(kills: min(killsOfRun, kills - score.kills), using: &random)
      states.merge(trial.states, uniquingKeysWith: +)
      score.add(trial.judge, kills: trial.kills)
      runs += 1
    } while score.kills < kills
    print(
      "\(runs) runs; killed while \(states.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))")
    try score.finish()
  }
}

/// One run, from its beginning to its end over many engines.
struct KillTrial {
  let arena: Arena
  let job: CampaignJob
  private(set) var judge: Judge
  private(set) var kills = 0
  /// How often the run was killed in which state.
  private(set) var states: [String: Int] = [:]
  private var snapshot: RunSnapshot?

  /// No engine needs as long for what is left of a run.
  private static let patience = Duration.seconds(300)

  init(arena: Arena, job: CampaignJob) {
    self.arena = arena
    self.job = job
    judge = Judge(job)
  }

  mutating func drive(kills wanted: Int, using random: inout SplitMix) throws {
    while true {
      let engine = try arena.start(snapshot.map { ["resume", $0.id] } ?? ["run", job.name])
      guard kills < wanted else {
        let end = engine.wait(Self.patience)
        return try close(engine, end)
      }
      let moment = Moment.random(done: snapshot?.succeeded.count, of: job.items, using: &random)
      moment.wait(for: engine, job: job, state: arena.state)
      let end = engine.kill()
      guard end == .signalled(9) else { return try close(engine, end) }
      kills += 1
      try lookBack(engine)
      let state = snapshot?.stateName ?? "beginning"
      states[state, default: 0] += 1
      print("  \(job.name) kill \(kills) \(moment): \(state), \(snapshot?.succeeded.count ?? 0) recorded")
      if let snapshot, snapshot.isEnded {
        judge.close(snapshot, try Ledger(job.ledger))
        return
      }
    }
  }

  /// What the dead engine left.
  private mutating func lookBack(_ engine: EngineProcess) throws {
    let left = HostProcesses.leftBehind(by: engine.pid, after: .seconds(5))
    if !left.isEmpty { judge.blame("host processes outlived their engine: \(left)") }
    snapshot = try RunSnapshot.take(of: job.name, state: arena.state, copyTo: "\(arena.folder)/copy")
    if let snapshot { judge.look(at: snapshot, try Ledger(job.ledger)) }
  }

  /// The engine ended by itself, as it should when the run is over.
  private mutating func close(_ engine: EngineProcess, _ end: EngineProcess.End?) throws {
    if end != .exited(0) {
      judge.blame("the engine ended as \(end.map { "\($0)" } ?? "never"): \(try arena.errors().suffix(3))")
    }
    try lookBack(engine)
    guard let snapshot else { throw CampaignError("\(job.name): no run is in the store") }
    judge.close(snapshot, try Ledger(job.ledger))
  }
}
