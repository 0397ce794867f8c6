/// Why a worker could not be had.
package struct WorkerPoolError: Error, CustomStringConvertible {
  package enum Code: String, Sendable {
    /// There is no plugin of that name or path.
    case notFound
    /// The host program is not where it should be, or the system would not start it.
    case spawn
    /// The plugin was refused by the loading rules, or its library could not be loaded.
    case refused
    /// The plugin is not what its manifest or the ABI asks for.
    case manifest
    /// The plugin would not make an instance: its configuration, mostly. The message is the plugin's own.
    case create
    /// The worker ended before it was ready.
    case died
    /// The worker was not ready in time.
    case timeout
  }

  package var code: Code
  /// What happened, to what, and what to do.
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }
}
