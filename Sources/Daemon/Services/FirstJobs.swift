internal import JobModel
internal import Synchronization

/// The jobs of a start, until the scheduler has them; it keeps less of them.
final class FirstJobs: Sendable {
  private let jobs: Mutex<[JobDefinition]>

  init(_ jobs: [JobDefinition]) { self.jobs = Mutex(jobs) }

  /// Once; then there are none.
  func take() -> [JobDefinition] {
    jobs.withLock { jobs in
      defer { jobs = [] }
      return jobs
    }
  }
}
