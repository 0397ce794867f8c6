/// What is wrong, or odd, about a rule or a configuration.
package struct RuleFinding: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The rule's or configuration's id; empty for the whole.
  package var id: String
  /// Whether AWS would refuse it.
  package var isError: Bool
  package var message: String

  package static func error(_ id: String, _ message: String) -> RuleFinding {
    RuleFinding(id: id, isError: true, message: message)
  }

  package static func warning(_ id: String, _ message: String) -> RuleFinding {
    RuleFinding(id: id, isError: false, message: message)
  }

  package var description: String { id.isEmpty ? message : "\(id): \(message)" }
}
