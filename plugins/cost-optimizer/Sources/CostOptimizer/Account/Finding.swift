/// Something about the account as a whole.
package struct Finding: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Hashable, Sendable {
    case noFunctions, unknown, unused, overProvisioned, cost, growth, oldRuntimes
  }

  package enum Severity: String, Codable, Hashable, Sendable {
    case notice, warning, alarm
  }

  package var kind: Kind
  package var severity: Severity
  package var title: String
  package var detail: String
  /// Those it is about, in the order of importance; empty for the account.
  package var functions: [String] = []
  /// US dollars a month.
  package var saving = 0.0
}
