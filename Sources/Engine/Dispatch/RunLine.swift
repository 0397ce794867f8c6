import HeapModule
import JobModel

/// Which run is next: by priority, then in the order in which they came, one after another within a job unless they go beside.
struct RunLine {
  /// A run and when it came.
  private struct Entry: Comparable {
    var run: WaitingRun
    var order: Int

    static func < (left: Self, right: Self) -> Bool {
      (-left.run.priority, left.order) < (-right.run.priority, right.order)
    }
  }

  /// A run that waits for an instant.
  private struct Later: Comparable {
    var at: Timestamp
    var entry: Entry

    static func < (left: Self, right: Self) -> Bool { (left.at, left.entry.order) < (right.at, right.entry.order) }
  }

  /// The runs of one job.
  private struct Job {
    var serial = Heap<Entry>()
    var beside = Heap<Entry>()
    /// Under way, with when they came.
    var active: [RunNumber: (order: Int, lane: WaitingRun.Lane)] = [:]

    var isEmpty: Bool { serial.isEmpty && beside.isEmpty && active.isEmpty }

    /// The runs that may go now, at most one of each lane.
    var candidates: [Entry] {
      var found: [Entry] = []
      if let entry = serial.min, !active.values.contains(where: { $0.order < entry.order || $0.lane == .serial }) {
        found.append(entry)
      }
      if let entry = beside.min, case .beside(let limit) = entry.run.lane {
        let others = active.values.count { if case .beside(let other) = $0.lane { other < .max } else { false } }
        if limit == .max || others < limit { found.append(entry) }
      }
      return found
    }
  }

  private let limit: Int
  private var jobs: [String: Job] = [:]
  private var later = Heap<Later>()
  /// Runs that may go, some more than once, some that may not any more: looked at again when their turn comes.
  private var startable = Heap<Entry>()
  private var waiting: [RunNumber: WaitingRun] = [:]
  private var activeCount = 0
  private var came = 0

  /// `limit`: runs under way at once.
  init(limit: Int) { self.limit = max(1, limit) }

  var waitingCount: Int { waiting.count }

  /// When a run that waits for an instant may go; nil: none waits for one.
  var nextChange: Timestamp? { activeCount < limit ? later.min?.at : nil }

  mutating func add(_ run: WaitingRun, at now: Timestamp) {
    guard waiting[run.number] == nil else { return }
    waiting[run.number] = run
    came += 1
    let entry = Entry(run: run, order: came)
    if let at = run.notBefore, at > now { later.insert(Later(at: at, entry: entry)) } else { lineUp(entry) }
  }

  /// Takes out a run that waits; nil: it does not.
  mutating func remove(_ number: RunNumber) -> WaitingRun? {
    guard let run = waiting.removeValue(forKey: number) else { return nil }
    refresh(run.job)
    return run
  }

  /// The run that goes now; it counts as under way until `ended`. nil: none may.
  mutating func next(at now: Timestamp) -> WaitingRun? {
    while let first = later.min, first.at <= now {
      later.removeMin()
      if waiting[first.entry.run.number] == first.entry.run { lineUp(first.entry) }
    }
    while activeCount < limit, let entry = startable.popMin() {
      let run = entry.run
      guard waiting[run.number] == run, let job = jobs[run.job], job.candidates.contains(entry) else { continue }
      if run.lane == .serial { jobs[run.job]?.serial.removeMin() } else { jobs[run.job]?.beside.removeMin() }
      jobs[run.job]?.active[run.number] = (entry.order, run.lane)
      waiting[run.number] = nil
      activeCount += 1
      refresh(run.job)
      return run
    }
    return nil
  }

  /// A run that was under way is no more.
  mutating func ended(_ run: WaitingRun) {
    guard jobs[run.job]?.active.removeValue(forKey: run.number) != nil else { return }
    activeCount -= 1
    refresh(run.job)
  }

  private mutating func lineUp(_ entry: Entry) {
    if entry.run.lane == .serial {
      jobs[entry.run.job, default: Job()].serial.insert(entry)
    } else {
      jobs[entry.run.job, default: Job()].beside.insert(entry)
    }
    // One that is behind another of its job is told of when that one goes.
    if jobs[entry.run.job]?.candidates.contains(entry) ?? false { startable.insert(entry) }
  }

  /// Something of the job has changed: who may go now is told anew.
  private mutating func refresh(_ name: String) {
    while let entry = jobs[name]?.serial.min, waiting[entry.run.number] != entry.run { jobs[name]?.serial.removeMin() }
    while let entry = jobs[name]?.beside.min, waiting[entry.run.number] != entry.run { jobs[name]?.beside.removeMin() }
    guard let job = jobs[name] else { return }
    if job.isEmpty { jobs[name] = nil }
    for entry in job.candidates { startable.insert(entry) }
  }
}
