/// How many items may end as dead letters before the run itself is given up as `failed`.
package enum FailureBudget: Hashable, Sendable, Codable {
  /// The run always goes to its end. The default.
  case unlimited
  /// More than this many failed items end the run.
  case count(Int)
  /// More than this percentage (0 … 100) of the items that have ended, once at least `floor` have, ends the run.
  case percent(Double, floor: Int)

  /// Whether the run must stop, with `failed` of `ended` items dead or poisoned.
  package func isSpent(failed: Int, ended: Int) -> Bool {
    switch self {
    case .unlimited: false
    case .count(let limit): failed > limit
    case .percent(let limit, let floor): ended >= floor && Double(failed) * 100 > limit * Double(ended)
    }
  }
}
