package import AWSClient

/// What the rules make of one object, in money and in class. Pure.
package struct Outlook: Hashable, Sendable {
  package enum Verdict: Hashable, Sendable {
    /// No rule has a colder place for it.
    case stays
    /// Under the smallest size that is moved.
    case tooSmall
    /// Over the months that count, its moves cost more than they save.
    case neverPays
    case moves
  }

  package struct Move: Hashable, Sendable {
    package var month: Int
    package var to: StorageClass
    package var rule: Int
    package var cost: Double
    /// Less a month than now, from here to the next move.
    package var savesMonthly: Double
    package var endMonth: Int
  }

  package var verdict: Verdict
  package var moves: [Move] = []
  /// The rule that ends it and the month of that, when one does.
  package var end: (rule: Int, month: Int)?
  package var monthlyNow: Double

  /// The move that is due now.
  package var dueMove: Move? { moves.first.flatMap { $0.month == 0 ? $0 : nil } }

  package static func == (one: Outlook, other: Outlook) -> Bool {
    one.verdict == other.verdict && one.moves == other.moves && one.end?.rule == other.end?.rule
      && one.end?.month == other.end?.month && one.monthlyNow == other.monthlyNow
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(verdict)
    hasher.combine(moves)
  }
}

/// Judges objects one by one.
package struct Forecaster: Sendable {
  package let prices: Prices
  package let minBytes: Int64
  /// How long a move may take to pay.
  package let horizonMonths: Int
  /// By copies of ours, not by rules.
  package let copies: Bool

  package init(prices: Prices, minBytes: Int64, horizonMonths: Int, copies: Bool) {
    self.prices = prices
    self.minBytes = minBytes
    self.horizonMonths = horizonMonths
    self.copies = copies
  }

  package func outlook(
    bytes: Int64, in storageClass: StorageClass, ageDays age: Double, way: RuleBook.Way
  ) -> Outlook {
    let now = prices.monthly(bytes, in: storageClass)
    var outlook = Outlook(verdict: .stays, monthlyNow: now)
    let fits = { (step: RuleBook.Step) in (step.minBytes...step.maxBytes).contains(bytes) }
    if let end = way.ends.first(where: fits) { outlook.end = (end.rule, Self.month(of: end.days, age)) }
    let endMonth = outlook.end?.month ?? .max
    var from = storageClass
    var since = 0.0
    var wasTooSmall = false
    for (index, step) in way.steps.enumerated() where from.isWarmer(than: step.to) && prices.classes[step.to] != nil {
      guard fits(step), bytes >= minBytes else {
        wasTooSmall = true
        continue
      }
      let at = max(age, Double(step.days))
      let month = Self.month(of: step.days, age)
      if month >= endMonth { break }
      // Of several steps that are due at once the coldest is taken, without the ones before.
      let isOvertaken = way.steps[(index + 1)...].contains {
        step.to.isWarmer(than: $0.to) && fits($0) && Double($0.days) <= at && prices.classes[$0.to] != nil
      }
      if isOvertaken { continue }
      let cost =
        prices.move(bytes, from: from, to: step.to, copies: copies)
        + prices.earlyEnd(bytes, in: from, afterDays: at - since)
      if let last = outlook.moves.indices.last { outlook.moves[last].endMonth = month }
      outlook.moves.append(
        Outlook.Move(
          month: month, to: step.to, rule: step.rule, cost: cost, savesMonthly: now - prices.monthly(bytes, in: step.to),
          endMonth: endMonth))
      (from, since) = (step.to, at)
    }
    if outlook.moves.isEmpty {
      if wasTooSmall { outlook.verdict = .tooSmall }
    } else {
      outlook.verdict = net(outlook) > 0 ? .moves : .neverPays
    }
    return outlook
  }

  /// What the whole way saves over the months that count.
  private func net(_ outlook: Outlook) -> Double {
    // An object that ends is counted to its end, any other for the horizon after its last move.
    let last = outlook.moves.last?.month ?? 0
    let until = min(outlook.end?.month ?? .max, last + horizonMonths)
    return outlook.moves.reduce(0) { sum, move in
      sum + move.savesMonthly * Double(max(0, min(move.endMonth, until) - move.month)) - move.cost
    }
  }

  private static func month(of days: Int, _ age: Double) -> Int {
    max(0, Int(((Double(days) - age) / Prices.daysPerMonth).rounded(.up)))
  }
}
