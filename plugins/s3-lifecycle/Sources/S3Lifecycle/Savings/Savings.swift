/// What the rules save, for people and machines. US dollars.
package struct Savings: Codable, Hashable, Sendable {
  package struct Line: Codable, Hashable, Sendable {
    /// The rule's id; `total` for all.
    package var rule: String
    package var due: Tally
    package var later: Tally
    /// Left where they are: under the smallest size.
    package var tooSmall: Tally
    /// Moves that cost more than they save: left alone by transitions, taken along by rules.
    package var neverPays: Tally
    package var expiresNow: Tally
    /// In the first month: saved, less what the moves of that month cost.
    package var firstMonth: Double
    /// What the moves of that month cost.
    package var firstMonthCost: Double
    /// A month, when every object of today is at the end of its way.
    package var steadyMonthly: Double
    /// All moves of all objects of today.
    package var totalCost: Double
    /// 1 or more; absent when it never does or there is nothing to pay for.
    package var monthsUntilItPays: Int?
    /// Saved a month by expiry, first and in the end: data that is gone, and not counted above.
    package var expiryFirstMonth: Double
    package var expirySteadyMonthly: Double

    /// Whether an object of today comes into any of it.
    package var isOfObjects: Bool {
      [due, later, tooSmall, neverPays, expiresNow].contains { $0.objects > 0 } || expiryFirstMonth != 0
        || expirySteadyMonthly != 0
    }
  }

  package var lines: [Line]
  package var total: Line
  package var priceSource: String

  package init(_ ledger: SavingsLedger, ids: [String], priceSource: String) {
    self.priceSource = priceSource
    lines = zip(ids, ledger.lines).map { Self.line($0, $1) }
    guard var all = ledger.lines.first else {
      total = Self.line("total", SavingsLedger.Line(balance: MonthlyBalance(months: 1)))
      return
    }
    for line in ledger.lines.dropFirst() {
      all.due.add(line.due)
      all.later.add(line.later)
      all.tooSmall.add(line.tooSmall)
      all.neverPays.add(line.neverPays)
      all.expiresNow.add(line.expiresNow)
      all.balance.add(line.balance)
    }
    total = Self.line("total", all)
  }

  private static func line(_ rule: String, _ line: SavingsLedger.Line) -> Line {
    let (saved, paid, expired) = (line.balance.saved, line.balance.paid, line.balance.expired)
    return Line(
      rule: rule, due: line.due, later: line.later, tooSmall: line.tooSmall, neverPays: line.neverPays,
      expiresNow: line.expiresNow, firstMonth: (saved.first ?? 0) - (paid.first ?? 0), firstMonthCost: paid.first ?? 0,
      steadyMonthly: saved.last ?? 0, totalCost: paid.reduce(0, +), monthsUntilItPays: line.balance.monthsUntilItPays,
      expiryFirstMonth: expired.first ?? 0, expirySteadyMonthly: expired.last ?? 0)
  }
}
