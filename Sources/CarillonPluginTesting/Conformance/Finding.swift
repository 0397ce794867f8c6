/// One thing that a plugin does not do as the contract asks.
public struct Finding: Hashable, Sendable, CustomStringConvertible {
  /// The closed list of rules that are looked at.
  public enum Rule: String, Hashable, Sendable, CaseIterable {
    /// The descriptor's size, version and functions.
    case descriptor
    /// The manifest is JSON with an id, a version and limits in range.
    case manifest
    /// `check` says of garbage that it is wrong, and why.
    case check
    /// `create` makes an instance, or says why not; never from garbage.
    case create
    /// `discover` names items and does not end well when it was cancelled.
    case discovery
    /// A discovery that was broken off names the same items in the end.
    case resumption
    /// Each item is completed once, by the plugin.
    case completion
    /// Every outcome but a success has a reason; output and effect are JSON; an unavailable dependency has a name.
    case outcome
    /// No more items at once than the manifest says.
    case concurrency
    /// A cancelled item is completed within the grace period.
    case cancellation
    /// Plan mode changes nothing that outlives the run: no artifacts, checkpoints or events.
    case plan
    /// `finish` ends well.
    case finish
    /// The host noticed a call that the contract forbids.
    case breach
  }

  public let rule: Rule

  /// What was seen, and what was expected.
  public let message: String

  public var description: String { "\(rule.rawValue): \(message)" }
}
