import DequeModule
import JobModel

/// The jobs in force. Those that are wanted often are open; of the others, of which there may be a hundred thousand, only a text is
/// kept. Belongs to the scheduler.
final class JobShelf {
  /// By name.
  private let jobs: [ScheduledJob]
  /// The definitions of packed jobs as JSON.
  private var texts = PackedTexts()
  /// In the order in which they were opened.
  private var open: Deque<ScheduledJob> = []

  init() { jobs = [] }

  init(_ prepared: PreparedJobs) {
    jobs = prepared.jobs.map { ScheduledJob($0) }
    texts = prepared.texts
    open = Deque(jobs.lazy.filter { $0.opened != nil })
  }

  var count: Int { jobs.count }
  /// In order.
  var names: [String] { jobs.map(\.name) }

  subscript(name: String) -> ScheduledJob? {
    let place = place(of: name)
    guard place < jobs.count, jobs[place].name == name else { return nil }
    return jobs[place]
  }

  /// Those behind a name, by name; nil: all.
  func jobs(after name: String?) -> ArraySlice<ScheduledJob> {
    guard let name else { return jobs[...] }
    return jobs[place(of: name)...].drop { $0.name == name }
  }

  /// Of the first job that does not come before a name.
  private func place(of name: String) -> Int {
    var range = 0..<jobs.count
    while !range.isEmpty {
      let middle = (range.lowerBound + range.upperBound) / 2
      if jobs[middle].name < name { range = middle + 1..<range.upperBound } else { range = range.lowerBound..<middle }
    }
    return range.lowerBound
  }

  /// The job's definition, which stays open for a while.
  func definition(of job: ScheduledJob) throws(EngineError) -> JobDefinition {
    guard job.isPacked else { return try job.open(texts) }
    let definition = try job.open(texts)
    open.append(job)
    if open.count > JobPreparation.maxOpen { try open.popFirst()?.pack(into: &texts) }
    return definition
  }

  /// The definition as it is, open or packed.
  func look(at job: ScheduledJob) throws(EngineError) -> JobDefinition { try job.look(texts) }

  /// The job's definition as JSON.
  func json(of job: ScheduledJob) throws(EngineError) -> String { try job.json(texts) }

  /// All definitions, by name.
  func definitions() throws(EngineError) -> [JobDefinition] {
    var all: [JobDefinition] = []
    all.reserveCapacity(jobs.count)
    for job in jobs { all.append(try job.look(texts)) }
    return all
  }

  /// What a set that takes this one's place changes.
  func changes(to new: JobShelf) throws(EngineError) -> JobChanges {
    var changes = JobChanges()
    for job in new.jobs {
      guard let old = self[job.name] else {
        changes.added.append(job.name)
        continue
      }
      if try !isSame(old, job, new) { changes.changed.append(job.name) }
    }
    changes.removed = jobs.map(\.name).filter { new[$0] == nil }
    return changes
  }

  private func isSame(_ old: ScheduledJob, _ job: ScheduledJob, _ new: JobShelf) throws(EngineError) -> Bool {
    if let old = old.opened, let job = job.opened { return old.definition == job.definition }
    if let old = old.packed(texts), let job = job.packed(new.texts) { return old == job }
    return try json(of: old) == new.json(of: job)
  }
}
