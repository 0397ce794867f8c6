import Engine
import JobModel
import Store

/// What is said of a run when this program is done with it.
struct RunSummary {
  static let shownFailures = 5
  static let shownEffects = 10_000

  let run: RunRecord
  let wasStopped: Bool
  /// How long this program had the run.
  let took: Duration
  let artifacts: [ArtifactDocument]
  /// The first failed items.
  let failures: [ItemRecord]
  /// Of a plan: what each item would do, as many as `shownEffects`.
  let effects: [ItemRecord]

  static func gather(_ result: RunResult, took: Duration, _ engine: Engine) async throws -> RunSummary {
    let run = result.record
    let folder = engine.paths.artifacts(of: run.id)
    let failures =
      run.counts.failed == 0
      ? [] : try await engine.store.items(ItemQuery(run: run.number, states: [.dead, .poisoned], limit: shownFailures))
    let effects =
      run.isPlan
      ? try await engine.store.items(ItemQuery(run: run.number, states: [.succeeded, .skipped], limit: shownEffects)) : []
    return RunSummary(
      run: run, wasStopped: result.wasStopped, took: took,
      artifacts: try await engine.store.artifacts(run: run.number).map { ArtifactDocument($0, folder: folder) },
      failures: failures, effects: effects)
  }

  var status: ExitStatus {
    if wasStopped { return .temporary }
    switch run.state {
    case .succeeded: return .success
    case .completedWithFailures: return .completedWithFailures
    case .failed: return .failed
    case .cancelled: return .cancelled
    case .queued, .discovering, .running, .finishing: return .temporary
    }
  }

  func print(isJSON: Bool, isStream: Bool, console: Console) throws(CommandError) {
    if isJSON {
      let document = Document(self)
      try console.print(try isStream ? JSONOutput.line(document) : JSONOutput.document(document))
    } else {
      for line in lines(console) { try console.print(line) }
    }
  }

  /// For people.
  func lines(_ console: Console) -> [String] {
    var lines = effects.map { item in
      "\(item.state == .skipped ? "skip " : "would") \(Words.printable(item.key))  "
        + Words.printable(item.effect ?? item.reason ?? "")
    }
    if run.isPlan, run.counts.succeeded + run.counts.skipped > effects.count {
      lines.append("… and \(Words.count(run.counts.succeeded + run.counts.skipped - effects.count)) more")
    }
    lines.append(headline(console))
    lines.append("  items      " + countWords)
    if let keys = run.onlyKeys, !wasStopped, Set(keys).count > run.counts.total {
      lines.append(
        "  only       \(Words.count(Set(keys).count, "key")) asked for, the plugin named \(Words.count(run.counts.total))")
    }
    if let error = run.error { lines.append("  reason     " + Words.printable(error)) }
    lines += reportLines
    for (index, artifact) in artifacts.enumerated() {
      lines.append((index == 0 ? "  artifacts  " : "             ") + Words.printable(artifact.path))
    }
    for (index, item) in failures.enumerated() {
      lines.append(
        (index == 0 ? "  failed     " : "             ")
          + "\(Words.printable(item.key)): \(Words.printable(item.reason ?? item.state.name))")
    }
    return lines + hints
  }

  private func headline(_ console: Console) -> String {
    let state = wasStopped ? "stopped" : Words.state(run.state)
    let color: Console.Color = status == .success ? .green : wasStopped ? .yellow : .red
    let what = run.isPlan ? "plan" : "run"
    return "\(what) \(run.id) of \(run.job.name): \(console.colored(state, color)) after \(Words.duration(took))"
  }

  private var countWords: String {
    let counts = run.counts
    var words: [String] = []
    for state in [ItemState.succeeded, .skipped, .dead, .poisoned, .cancelled, .retrying, .available] where counts[state] > 0 {
      words.append("\(Words.count(counts[state])) \(state == .available ? "waiting" : state.name)")
    }
    return Words.count(counts.total) + (words.isEmpty ? "" : ": " + words.joined(separator: ", "))
  }

  private var reportLines: [String] {
    guard case .object(let members)? = JSONOutput.value(run.report) else { return [] }
    return members.sorted { $0.key < $1.key }.enumerated().map { index, member in
      return (index == 0 ? "  report     " : "             ")
        + Words.printable("\(member.key): \(JSONText.brief(member.value))")
    }
  }

  private var hints: [String] {
    if wasStopped { return ["resume with: carillon resume \(run.id)"] }
    var hints: [String] = []
    if run.counts.failed > 0 {
      hints.append("see all:    carillon items --run \(run.id) --state dead --state poisoned")
      hints.append("try again:  carillon retry \(run.id) --dead")
    } else if run.state == .failed {
      hints.append("see why:    carillon logs \(run.id)")
      hints.append("go on with: carillon resume \(run.id)")
    }
    return hints
  }
}

extension RunSummary {
  /// The object that `run --json` prints.
  struct Document: Encodable {
    struct Failure: Encodable {
      var key: String
      var state: String
      var reason: String?
    }

    struct Effect: Encodable {
      var key: String
      var state: String
      var effect: JSONValue?
      var reason: String?
    }

    var type = "result"
    var run: RunDocument
    var stopped: Bool
    var exitCode: Int32
    var durationS: Double
    var artifacts: [ArtifactDocument]
    var failures: [Failure]
    var effects: [Effect]?

    init(_ summary: RunSummary) {
      run = RunDocument(summary.run, isWhole: true)
      stopped = summary.wasStopped
      exitCode = summary.status.rawValue
      durationS = summary.took.inSeconds
      artifacts = summary.artifacts
      failures = summary.failures.map { Failure(key: $0.key, state: $0.state.name, reason: $0.reason) }
      effects =
        summary.run.isPlan
        ? summary.effects.map {
          Effect(key: $0.key, state: $0.state.name, effect: JSONOutput.value($0.effect), reason: $0.reason)
        } : nil
    }
  }
}
