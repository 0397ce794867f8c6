package import JobModel

/// Where an engine finds and keeps things.
package struct EnginePaths: Hashable, Sendable {
  /// The state directory: `carillon.db`, `lock`, `logs/`, `artifacts/`, `control/`. Absolute.
  package var state: String
  /// The `carillon-host` program. Absolute.
  package var host: String
  /// Folders in which plugins are looked for, in order. Absolute.
  package var plugins: [String]
  /// One file a secret, named as the secret; nil: there are none. systemd's `$CREDENTIALS_DIRECTORY` has this form.
  package var secrets: String?

  package init(state: String, host: String, plugins: [String], secrets: String? = nil) {
    self.state = state
    self.host = host
    self.plugins = plugins
    self.secrets = secrets
  }

  /// The folder of a run's artifacts.
  package func artifacts(of run: RunID) -> String { "\(state)/artifacts/\(run.text)" }
  /// A run's log: NDJSON, one `LogLine` a line.
  package func log(of run: RunID) -> String { "\(state)/logs/\(run.text).ndjson" }
  /// A file whose appearance tells the engine that runs it to cancel a run; what it holds is the reason.
  package func cancelRequest(of run: RunID) -> String { "\(state)/control/\(run.text).cancel" }
}
