/// Everything that a run found: what the artifacts show.
package struct AccountReport: Codable, Hashable, Sendable {
  /// A function whose cost changed since the month before.
  package struct Mover: Codable, Hashable, Sendable {
    package var function: String
    package var before: Double
    package var now: Double
    package var change: Double { now - before }
  }

  package var job: String
  package var region: String
  /// `nil` without functions.
  package var account: String?
  package var window: Window
  package var priceSource: String
  /// The dearest first; unknown ones last.
  package var functions: [FunctionReport]
  /// US dollars a month of all that were measured.
  package var cost: MonthlyCost
  package var saving: Double
  /// The same of recommendations with medium or high confidence.
  package var surerSaving: Double
  package var findings: [Finding]
  package var trend: Trend
  /// Whose cost changed most since the month before, the largest change first; at most ten.
  package var movers: [Mover]

  package var measured: [FunctionReport] { functions.filter { $0.state == .measured } }
  package var unknown: [FunctionReport] { functions.filter { $0.state == .unknown } }

  /// US dollars on each day of the window, all functions together.
  package var dailyCost: [Double] {
    var days = [Double](repeating: 0, count: window.days)
    for function in functions {
      for (day, cost) in function.dailyCost.enumerated() where day < days.count { days[day] += cost }
    }
    return days
  }

  /// The month that the window ends in, with which the trend goes on.
  package var month: String { Day.month(window.to) }
}
