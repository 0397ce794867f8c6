/// Money by month from now on: what is saved, what is paid for it once, and what expiry saves. Kept as differences from month
/// to month, so that an object costs a few additions however many months there are.
package struct MonthlyBalance: Hashable, Sendable {
  private var savedSteps: [Double]
  private var paidInMonth: [Double]
  private var expirySteps: [Double]

  package init(months: Int) {
    savedSteps = Array(repeating: 0, count: months + 1)
    paidInMonth = savedSteps
    expirySteps = savedSteps
  }

  package var months: Int { savedSteps.count - 1 }

  /// Saves so much in each month from `month` to before `end`.
  package mutating func save(_ dollars: Double, from month: Int, to end: Int) {
    guard month < min(end, months) else { return }
    savedSteps[month] += dollars
    savedSteps[min(end, months)] -= dollars
  }

  package mutating func pay(_ dollars: Double, in month: Int) {
    if month < months { paidInMonth[month] += dollars }
  }

  /// What is no longer stored saves so much in each month from `month` on.
  package mutating func expire(_ dollars: Double, from month: Int) {
    if month < months { expirySteps[month] += dollars }
  }

  package mutating func add(_ other: MonthlyBalance) {
    for month in 0...months {
      savedSteps[month] += other.savedSteps[month]
      paidInMonth[month] += other.paidInMonth[month]
      expirySteps[month] += other.expirySteps[month]
    }
  }

  /// By month: what colder classes save, before what is paid for the moves.
  package var saved: [Double] { Self.sums(savedSteps) }
  package var paid: [Double] { Array(paidInMonth.dropLast()) }
  package var expired: [Double] { Self.sums(expirySteps) }

  /// The first month, 1 or more, at whose end the moves have saved more than they cost; `nil` when none has. Zero months
  /// without any cost.
  package var monthsUntilItPays: Int? {
    var balance = 0.0
    var paysSince: Int?
    for (month, (saved, paid)) in zip(saved, paid).enumerated() {
      balance += saved - paid
      // A later step may cost more than there is by then.
      if balance > 0 { paysSince = paysSince ?? month + 1 } else if balance < 0 { paysSince = nil }
    }
    return paysSince
  }

  private static func sums(_ steps: [Double]) -> [Double] {
    var level = 0.0
    return steps.dropLast().map { step in
      level += step
      // Sums of many differences end a hair beside zero.
      return abs(level) < 1e-9 ? 0 : level
    }
  }
}
