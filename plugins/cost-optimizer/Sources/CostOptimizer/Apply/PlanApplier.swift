package import AWSClient

/// Makes one function as a plan has it, if it still is as the plan found it.
package struct PlanApplier: Sendable {
  package enum Ending: Hashable, Sendable {
    case changed(ConfigurationChange)
    /// It is so already: an earlier attempt's answer was lost, or somebody was quicker.
    case alreadySo
  }

  private let lambda: Lambda

  package init(_ lambda: Lambda) { self.lambda = lambda }

  /// What applying would set; nothing where it is so already. Changes nothing. Throws `CostOptimizerError.drifted` and
  /// `AWSError`.
  package func pending(_ change: ChangePlan.Change) async throws -> (ConfigurationChange, revision: String?) {
    let function = try await lambda.function(change.function)
    var pending = ConfigurationChange()
    pending.memoryMB = try Self.pending(change.memory, is: function.memoryMB, "memory", "MB", change.function)
    pending.timeoutSeconds = try Self.pending(change.timeout, is: function.timeoutSeconds, "timeout", "s", change.function)
    return (pending, function.revisionID)
  }

  /// Changes the function at the revision that was looked at, and reads it back. Throws `CostOptimizerError` and `AWSError`.
  package func apply(_ change: ChangePlan.Change) async throws -> Ending {
    let (pending, revision) = try await pending(change)
    guard pending != ConfigurationChange() else { return .alreadySo }
    try await lambda.updateConfiguration(
      of: change.function,
      LambdaConfigurationChange(memoryMB: pending.memoryMB, timeoutSeconds: pending.timeoutSeconds, revisionID: revision))
    let after = try await lambda.function(change.function)
    guard pending.memoryMB ?? after.memoryMB == after.memoryMB,
      pending.timeoutSeconds ?? after.timeoutSeconds == after.timeoutSeconds, after.lastUpdateStatus != "Failed"
    else {
      throw CostOptimizerError(.notApplied, "\(change.function) was changed, and does not read so")
    }
    return .changed(pending)
  }

  /// `nil` when there is nothing to set.
  private static func pending(
    _ part: ChangePlan.Part?, is value: Int?, _ name: String, _ unit: String, _ function: String
  ) throws(CostOptimizerError) -> Int? {
    guard let part, value != part.to else { return nil }
    guard value == part.from else {
      throw CostOptimizerError(
        .drifted,
        "\(function) has a \(name) of \(value.map(String.init) ?? "?") \(unit), and \(part.from) \(unit) when the plan was made: make a new one"
      )
    }
    return part.to
  }
}
