/// What the SDK throws to a plugin's code.
public struct PluginError: Error, Sendable {
  /// The closed list of reasons.
  public enum Code: Hashable, Sendable {
    /// An argument breaks a limit of the contract, or the host refused it.
    case refused
    /// The host is older than this service.
    case unsupported
    /// The service failed on the host's side.
    case failed
    /// A value could not be encoded as JSON.
    case encoding
    /// Stored bytes are not the JSON that was asked for.
    case decoding
  }

  public let code: Code

  /// What happened, to what, and what to do.
  public let message: String

  /// What lies beneath, if anything. Its message is already part of `message`.
  public let cause: (any Error)?

  init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }
}

extension PluginError: CustomStringConvertible {
  public var description: String { message }
}
