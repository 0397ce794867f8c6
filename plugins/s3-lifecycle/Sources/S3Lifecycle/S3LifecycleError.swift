/// Why an analysis, a plan or a change could not be made.
package struct S3LifecycleError: Error, Sendable {
  /// The closed list of reasons.
  package enum Code: Hashable, Sendable {
    /// The price file cannot be read, or lacks a price.
    case prices
    /// The plan cannot be read, or is for another bucket, mode or configuration.
    case plan
    /// The bucket is no longer as the plan found it. Nothing is applied.
    case drifted
    /// Rules that AWS would refuse.
    case rules
    /// What was put reads otherwise.
    case notApplied
    /// What was put is not to be read yet. Another attempt looks again.
    case notYetSeen
  }

  package let code: Code

  /// What happened, to what, and what to do.
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension S3LifecycleError: CustomStringConvertible {
  package var description: String { message }
}
