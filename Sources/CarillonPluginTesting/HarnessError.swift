/// Why a harness cannot go on.
public struct HarnessError: Error, Sendable, CustomStringConvertible {
  /// The closed list of reasons.
  public enum Code: Hashable, Sendable {
    /// The library cannot be loaded, or exports no entry.
    case load
    /// The plugin's description of itself is unusable.
    case manifest
    /// `create` returned NULL.
    case create
    /// A call returned CARILLON_ERROR or something unknown.
    case call
    /// The harness was used out of order.
    case order
  }

  public let code: Code

  /// What happened; for `.create` and `.call` with what the plugin said through `host->error`.
  public let message: String

  public var description: String { message }
}
