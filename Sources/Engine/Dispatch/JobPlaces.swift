package import JobModel
import Synchronization

/// The runs of each job that have not ended, shared by the scheduler, which reserves a place before it records a run, and the
/// dispatcher, which gives it back when the run has ended. So two triggers at one moment cannot both find the job free.
package final class JobPlaces: Sendable {
  /// The runs of one job.
  package struct Runs: Sendable {
    /// Reserved, or recorded and not begun; with their numbers once these are known.
    package fileprivate(set) var waiting: [RunID: RunNumber?] = [:]
    package fileprivate(set) var active: [RunID: RunNumber] = [:]
    /// Of those that wait: begin at an instant that a person named, and stand in nobody's way before.
    fileprivate var later: [RunID: Timestamp] = [:]

    /// Runs that have not ended.
    package var count: Int { waiting.count + active.count }
    /// A run that has not ended, for a message to people.
    package var example: RunID? { active.keys.first ?? waiting.keys.first }

    /// Those that wait, but for those that a person has put off until after `now`.
    package func waitingCount(at now: Timestamp) -> Int {
      later.isEmpty ? waiting.count : waiting.count - later.values.count { $0 > now }
    }
  }

  private let jobs = Mutex<[String: Runs]>([:])

  package init() {}

  /// Of a job; empty when none.
  package func runs(of job: String) -> Runs { jobs.withLock { $0[job] ?? Runs() } }

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
      if $0[job]?.count == 0 { $0[job] = nil }
    }
  }
}
