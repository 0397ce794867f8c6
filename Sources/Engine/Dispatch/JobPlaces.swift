package import JobModel
import Synchronization

/// The runs of each job that have not ended, shared by the scheduler, which reserves a place before it records a run, and the
/// dispatcher, which gives it back when the run has ended. So two triggers at one moment cannot both find the job free.
package final class JobPlaces: Sendable {
  /// How many runs of a job there are.
  package struct Census: Sendable {
    /// Reserved, or recorded and not begun; but for those that a person has put off until later.
    package var waiting: Int
    package var active: Int
    /// One of them, for a message to people.
    package var example: RunID?
  }

  private struct Runs {
    /// With their numbers once these are known.
    var waiting: [RunID: RunNumber?] = [:]
    var active: [RunID: RunNumber] = [:]
    /// Of those that wait: begin at an instant that a person named, and stand in nobody's way before.
    var later: [RunID: Timestamp] = [:]
  }

  private let jobs = Mutex<[String: Runs]>([:])

  package init() {}

  // MARK: Looking

  /// Runs of a job that have not ended.
  package func count(of job: String) -> Int { jobs.withLock { $0[job].map { $0.waiting.count + $0.active.count } ?? 0 } }

  /// The runs of a job that are in the way of another one at `now`.
  package func census(of job: String, at now: Timestamp) -> Census {
    jobs.withLock {
      guard let runs = $0[job] else { return Census(waiting: 0, active: 0) }
      let later = runs.later.values.count { $0 > now }
      return Census(
        waiting: runs.waiting.count - later, active: runs.active.count,
        example: runs.active.keys.first ?? runs.waiting.keys.first { later == 0 || runs.later[$0].map { $0 <= now } ?? true })
    }
  }

  /// The runs of a job that are in the way of another one at `now`.
  package func runs(of job: String, inTheWayAt now: Timestamp) -> [RunID] {
    jobs.withLock {
      guard let runs = $0[job] else { return [] }
      return Array(runs.active.keys) + runs.waiting.keys.filter { run in runs.later[run].map { $0 <= now } ?? true }
    }
  }

  package func has(_ run: RunID, of job: String) -> Bool {
    jobs.withLock { $0[job].map { $0.active[run] != nil || $0.waiting[run] != nil } ?? false }
  }

  /// nil: the run has ended, or is not recorded yet.
  package func number(of run: RunID, of job: String) -> RunNumber? {
    jobs.withLock { $0[job].flatMap { $0.active[run] ?? $0.waiting[run] ?? nil } }
  }

  // MARK: Changing

  /// Takes a place for a run that is about to be recorded. `putOffUntil`: a person named that instant.
  package func reserve(_ run: RunID, of job: String, putOffUntil: Timestamp? = nil) {
    jobs.withLock {
      $0[job, default: Runs()].waiting[run] = .some(nil)
      if let putOffUntil { $0[job]?.later[run] = putOffUntil }
    }
  }

  /// The run is recorded and waits.
  package func wait(_ run: RunID, number: RunNumber, of job: String) {
    jobs.withLock { $0[job, default: Runs()].waiting[run] = .some(number) }
  }

  /// The run is under way.
  package func begin(_ run: RunID, number: RunNumber, of job: String) {
    jobs.withLock {
      $0[job, default: Runs()].active[run] = number
      $0[job]?.waiting[run] = nil
      $0[job]?.later[run] = nil
    }
  }

  /// The run has ended, or was not recorded after all.
  package func release(_ run: RunID, of job: String) {
    jobs.withLock {
      $0[job]?.waiting[run] = nil
      $0[job]?.later[run] = nil
      $0[job]?.active[run] = nil
      if let runs = $0[job], runs.waiting.isEmpty, runs.active.isEmpty { $0[job] = nil }
    }
  }
}
