import ControlAPI
import JobModel

/// What is said of a run when this program is done with it.
struct RunSummary {
  static let shownFailures = 5
  static let shownEffects = 10_000

  let run: RunDocument
  let wasStopped: Bool
  /// How long this program had the run.
  let took: Duration
  let artifacts: [ArtifactDocument]
  /// The first failed items.
  let failures: [ItemDocument]
  /// Of a plan: what each item would do, as many as `shownEffects`.
  let effects: [ItemDocument]

  /// - Parameter wasStopped: it was given back before its end and can be resumed.
  static func gather(
    _ id: String, wasStopped: Bool? = nil, took: Duration, from control: any Control
  ) async throws(ControlError) -> RunSummary {
    var run = try await control.run(id)
    (run.log, run.eventCount) = (nil, nil)
    let failures = run.counts.failed == 0 ? [] : try await items(of: id, [.dead, .poisoned], shownFailures, control)
    let effects = run.isPlan ? try await items(of: id, [.succeeded, .skipped], shownEffects, control) : []
    return RunSummary(
      run: run, wasStopped: wasStopped ?? !run.hasEnded, took: took, artifacts: try await control.artifacts(id),
      failures: failures, effects: effects)
  }

  private static func items(
    of run: String, _ states: [ItemState], _ limit: Int, _ control: any Control
  ) async throws(ControlError) -> [ItemDocument] {
    var request = ItemsRequest()
    request.run = run
    request.states = states.map(\.name)
    request.limit = limit
    return try await control.items(request).items
  }

  /// A plugin's word as it wrote it: text stays text.
  private static func text(_ value: JSONValue) -> String {
    if case .string(let text) = value { text } else { JSONText.compact(value) }
  }

  var status: ExitStatus {
    if wasStopped { return .temporary }
    switch run.runState {
    case .succeeded: return .success
    case .completedWithFailures: return .completedWithFailures
    case .failed: return .failed
    case .cancelled: return .cancelled
    case .queued, .discovering, .running, .finishing, nil: return .temporary
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
      "\(item.itemState == .skipped ? "skip " : "would") \(Words.printable(item.key))  "
        + Words.printable(item.effect.map(Self.text) ?? item.reason ?? "")
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
          + "\(Words.printable(item.key)): \(Words.printable(item.reason ?? item.state))")
    }
    return lines + hints
  }

  private func headline(_ console: Console) -> String {
    let state = wasStopped ? "stopped" : run.stateWords
    let color: Console.Color = status == .success ? .green : wasStopped ? .yellow : .red
    let what = run.isPlan ? "plan" : "run"
    return "\(what) \(run.id) of \(run.job): \(console.colored(state, color)) after \(Words.duration(took))"
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
    guard case .object(let members)? = run.report else { return [] }
    return members.sorted { $0.key < $1.key }.enumerated().map { index, member in
      return (index == 0 ? "  report     " : "             ")
        + Words.printable("\(member.key): \(JSONText.brief(member.value))")
    }
  }

  private var hints: [String] {
    if wasStopped {
      return [
        "resume with: carillon resume \(run.id)",
        "or give up:  carillon cancel \(run.id), else the next daemon goes on with it",
      ]
    }
    var hints: [String] = []
    if run.counts.failed > 0 {
      hints.append("see all:    carillon items --run \(run.id) --state dead --state poisoned")
      hints.append("try again:  carillon retry \(run.id) --dead")
    } else if run.runState == .failed {
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
      run = summary.run
      stopped = summary.wasStopped
      exitCode = summary.status.rawValue
      durationS = summary.took.inSeconds
      artifacts = summary.artifacts
      failures = summary.failures.map { Failure(key: $0.key, state: $0.state, reason: $0.reason) }
      effects =
        summary.run.isPlan
        ? summary.effects.map {
          Effect(key: $0.key, state: $0.state, effect: $0.effect, reason: $0.reason)
        } : nil
    }
  }
}
