package import JobModel
import Store
import Synchronization

/// What an engine has counted since it was opened. Told of batches, not of items: the lock is taken once for thousands.
package final class Meters: Sendable {
  /// Jobs, and plugins, that are counted by name; what comes later is counted under `others`.
  package static let nameLimit = 200
  package static let others = "other"

  /// Seconds.
  package static let itemBounds = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300, 1_800]
  package static let runBounds = [0.1, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200, 28_800]

  /// One job's share.
  package struct Job: Sendable {
    /// Items that ended, by their state.
    package var items: [ItemState: Int] = [:]
    /// Tries that did not end their item, by cause.
    package var attempts: [RetryCause: Int] = [:]
    /// How long the tries took that ended an item, in seconds.
    package var itemSeconds = Histogram(bounds: Meters.itemBounds)
    /// Runs that ended, by state.
    package var runs: [RunState: Int] = [:]
    /// From the first begin to the end, in seconds.
    package var runSeconds = Histogram(bounds: Meters.runBounds)

    package init() {}
  }

  package struct Snapshot: Sendable {
    package var jobs: [String: Job] = [:]
    /// Worker processes, by plugin.
    package var workerStarts: [String: Int] = [:]
    /// … that ended and were not meant to.
    package var workerDeaths: [String: Int] = [:]
  }

  private let state = Mutex(Snapshot())

  package init() {}

  package var snapshot: Snapshot { state.withLock { $0 } }

  /// Counts recorded outcomes of one run. `stale` ones were dropped.
  func count(_ entries: [RecordedOutcomes.Entry], except stale: Set<ItemID>, of job: String) {
    var share = Job()
    var states = [Int](repeating: 0, count: ItemState.allCases.count)
    var causes = [Int](repeating: 0, count: RetryCause.allCases.count + 1)
    for entry in entries where stale.isEmpty || !stale.contains(entry.item) {
      if let cause = entry.cause { causes[cause.rawValue] += 1 }
      guard entry.state != .available, entry.state != .retrying else { continue }
      states[entry.state.rawValue] += 1
      share.itemSeconds.add(Double(entry.durationMicroseconds) / 1_000_000)
    }
    for state in ItemState.allCases where states[state.rawValue] > 0 { share.items[state] = states[state.rawValue] }
    for cause in RetryCause.allCases where causes[cause.rawValue] > 0 { share.attempts[cause] = causes[cause.rawValue] }
    state.withLock { state in
      state.jobs[Self.name(job, among: state.jobs), default: Job()].add(share)
    }
  }

  /// Counts a run's end.
  func count(_ run: RunRecord) {
    guard run.state.isFinal else { return }
    var share = Job()
    share.runs[run.state] = 1
    if let start = run.startedAt, let end = run.finishedAt { share.runSeconds.add(max(0, (end - start).inSeconds)) }
    state.withLock { state in
      state.jobs[Self.name(run.job.name, among: state.jobs), default: Job()].add(share)
    }
  }

  func countWorkerStart(_ plugin: String) {
    state.withLock { $0.workerStarts[Self.name(plugin, among: $0.workerStarts), default: 0] += 1 }
  }

  func countWorkerDeath(_ plugin: String) {
    state.withLock { $0.workerDeaths[Self.name(plugin, among: $0.workerDeaths), default: 0] += 1 }
  }

  private static func name<Value>(_ name: String, among known: [String: Value]) -> String {
    known[name] != nil || known.count < nameLimit ? name : others
  }
}

extension Meters.Job {
  fileprivate mutating func add(_ other: Self) {
    items.merge(other.items, uniquingKeysWith: +)
    attempts.merge(other.attempts, uniquingKeysWith: +)
    itemSeconds.add(other.itemSeconds)
    runs.merge(other.runs, uniquingKeysWith: +)
    runSeconds.add(other.runSeconds)
  }
}
