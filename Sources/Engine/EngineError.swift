package import Store
package import WorkerPool

/// Why the engine could not do what was asked.
package struct EngineError: Error, CustomStringConvertible {
  package enum Code: String, Sendable {
    /// The store failed; `cause` is its error. The run stands where it stood and can be resumed.
    case store
    /// No plugin of that name, or it cannot be loaded.
    case plugin
    /// The plugin does not accept the job's configuration.
    case config
    /// Asked for something that the run's state does not allow.
    case state
    /// A folder or file beside the store could not be written.
    case io
  }

  package var code: Code
  /// What happened, to what, and what to do.
  package var message: String
  package var cause: (any Error)?

  package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  package init(_ error: StoreError) { self.init(.store, error.message, cause: error) }

  package init(_ error: WorkerPoolError) {
    self.init(error.code == .create ? .config : .plugin, error.message, cause: error)
  }

  package var description: String { message }
}
