package import Engine

/// What a daemon is started with.
package struct DaemonConfiguration: Sendable {
  package var paths: EnginePaths
  /// Where job files are. Absolute.
  package var jobsFolder: String
  /// Where it answers. Absolute, at most 107 bytes.
  package var socketPath: String
  /// The program's version.
  package var version: String
  /// How long runs under way may take to come to a halt when the daemon is told to end.
  package var drainLimit: Duration = .seconds(30)
  /// Runs under way at once.
  package var runLimit = 16
  /// Job files are taken up anew when they change.
  package var watchesJobs = false
  /// nil: nothing is pruned.
  package var pruning: Ages? = Ages()

  /// How long what has ended is kept, as `DurationText` spells it; nil: `carillon prune`'s default.
  package struct Ages: Sendable {
    package var succeededItems: String?
    package var runs: String?
    package var failedRuns: String?
    package var instants: String?

    package init() {}
  }

  package init(paths: EnginePaths, jobsFolder: String, socketPath: String, version: String) {
    self.paths = paths
    self.jobsFolder = jobsFolder
    self.socketPath = socketPath
    self.version = version
  }
}
