internal import Engine
internal import Synchronization

/// The jobs of a start, until the scheduler has them; it keeps less of them.
final class FirstJobs: Sendable {
  private let jobs: Mutex<PreparedJobs>

  init(_ jobs: PreparedJobs) { self.jobs = Mutex(jobs) }

  /// Once; then there are none.
  func take() -> PreparedJobs {
    jobs.withLock { jobs in
      defer { jobs = PreparedJobs() }
      return jobs
    }
  }
}
