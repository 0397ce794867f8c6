import HeapModule
package import JobModel
package import Store

/// A job in force.
package struct JobStanding: Sendable {
  package var definition: JobDefinition
  /// nil: it is not paused.
  package var pause: PauseRecord?
  /// The next due instant of each of its schedules, by name. One whose next instant is one that the clock's change repeats or leaves
  /// out is not among them.
  package var nextDue: [String: InstantKey]
}

extension Scheduler {
  /// Jobs in force, by name, behind that of `after`; of the paused ones alone.
  package func jobs(after: String?, limit: Int, isPaused: Bool = false) throws(EngineError) -> [JobStanding] {
    var jobs: [ScheduledJob]
    if isPaused {
      let names = pausedJobs.keys.filter { name in after.map { $0 < name } ?? true }.sorted()
      jobs = names.lazy.compactMap { self.shelf[$0] }.prefix(limit).map(\.self)
    } else {
      jobs = Array(shelf.jobs(after: after).prefix(limit))
    }
    return try standings(of: jobs)
  }

  /// nil: no job in force has that name.
  package func standing(of name: String) throws(EngineError) -> JobStanding? {
    guard let job = shelf[name] else { return nil }
    return try standings(of: [job]).first
  }

  private func standings(of jobs: [ScheduledJob]) throws(EngineError) -> [JobStanding] {
    let entries = Set(jobs.flatMap(\.entries))
    var next: [Int32: InstantKey] = [:]
    for due in agenda.heap.unordered where entries.contains(due.entry) && (due.kind == .due || due.kind == .boot) {
      next[due.entry] = due.key
    }
    var standings: [JobStanding] = []
    for job in jobs {
      var nextDue: [String: InstantKey] = [:]
      for entry in job.entries { nextDue[agenda.entries[Int(entry)].name] = next[entry] }
      standings.append(JobStanding(definition: try shelf.look(at: job), pause: pausedJobs[job.name], nextDue: nextDue))
    }
    return standings
  }
}
