/// Why an analysis, or a change, could not be made.
package struct CostOptimizerError: Error, Sendable {
  /// The closed list of reasons.
  package enum Code: Hashable, Sendable {
    /// The price file cannot be read, or lacks a price.
    case prices
    /// The plan cannot be read, is not as it was written, is too old, or is for another place.
    case plan
    /// A function is no longer as the plan found it. Another attempt would fail alike.
    case drifted
    /// A function was changed and reads otherwise: worth another look.
    case notApplied
  }

  package let code: Code

  /// What happened, to what, and what to do.
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension CostOptimizerError: CustomStringConvertible {
  package var description: String { message }
}
