/// Why something that was asked of a Carillon was not done. Over HTTP an RFC 9457 problem document.
package struct ControlError: Error, Hashable, Sendable {
  /// The raw value ends the problem's `type` and never changes.
  package enum Code: String, Sendable, CaseIterable {
    /// What was sent cannot be understood. 400.
    case malformed
    /// No such job, run, item or path. 404.
    case notFound = "not-found"
    /// A job file, a configuration or the state of a run does not allow it. 409.
    case conflict
    /// What was sent is well-formed and wrong. 422.
    case invalid
    /// The caller may not. 403.
    case forbidden
    /// Not by this Carillon: no daemon runs here. 501.
    case notHere = "not-here"
    /// The plugin, or the host that loads it, cannot be had. 502.
    case pluginUnavailable = "plugin-unavailable"
    /// The daemon is draining, busy, or cannot be reached: try again. 503.
    case unavailable
    /// The store failed. 507.
    case storage
    /// A fault of Carillon itself. 500.
    case fault
  }

  package var code: Code
  /// One line for a person: what happened, to what, what to do.
  package var message: String
  /// What is wrong in job files, each by its place; usually empty.
  package var findings: [FindingDocument]

  package init(_ code: Code, _ message: String, findings: [FindingDocument] = []) {
    self.code = code
    self.message = message
    self.findings = findings
  }
}
