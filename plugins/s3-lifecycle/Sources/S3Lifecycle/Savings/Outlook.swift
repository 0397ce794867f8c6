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
    /// Months from now; `month` is the whole month that begins with it, or after it.
    package var at: Double
    package var to: StorageClass
    package var rule: Int
    package var cost: Double
    /// Less a month than now, from here to the next move.
    package var savesMonthly: Double
    package var endMonth: Int
    package var until: Double
  }

  /// When a rule ends an object.
  package struct End: Hashable, Sendable {
    package var rule: Int
    package var month: Int
    /// Months from now.
    package var at: Double
    /// What is still billed then of the shortest stay in the last class that the rules have brought it to.
    package var cost = 0.0
  }

  package var verdict: Verdict
  package var moves: [Move] = []
  package var end: End?
  package var monthlyNow: Double

  /// The move that is due now.
  package var dueMove: Move? { moves.first.flatMap { $0.month == 0 ? $0 : nil } }
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

  /// `leavesOld`: a move leaves the version before it, to be paid for until a rule ends it, or for the whole horizon.
  package func outlook(
    bytes: Int64, in storageClass: StorageClass, ageDays age: Double, way: RuleBook.Way, leavesOld: Bool = false
  ) -> Outlook {
    let now = prices.monthly(bytes, in: storageClass)
    var outlook = Outlook(verdict: .stays, monthlyNow: now)
    let fits = { (step: RuleBook.Step) in (step.minBytes...step.maxBytes).contains(bytes) }
    outlook.end = way.ends.first(where: fits).map { end in
      Outlook.End(rule: end.rule, month: Self.month(of: end.days, age), at: Self.months(of: end.days, age))
    }
    let (endMonth, endAt) = (outlook.end?.month ?? .max, outlook.end?.at ?? .infinity)
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
      if Self.months(of: step.days, age) >= endAt { break }
      // Of several steps that are due at once the coldest is taken, without the ones before.
      let isOvertaken = way.steps[(index + 1)...].contains {
        step.to.isWarmer(than: $0.to) && fits($0) && Double($0.days) <= at && prices.classes[$0.to] != nil
      }
      if isOvertaken { continue }
      var cost =
        prices.move(bytes, from: from, to: step.to, copies: copies)
        + prices.earlyEnd(bytes, in: from, afterDays: at - since)
      if leavesOld {
        let months = way.endsWhenReplaced.first(where: fits).map { Double($0.days) / Prices.daysPerMonth }
        cost += prices.monthly(bytes, in: from) * (months ?? Double(horizonMonths))
      }
      let start = Self.months(of: step.days, age)
      if let last = outlook.moves.indices.last { (outlook.moves[last].endMonth, outlook.moves[last].until) = (month, start) }
      outlook.moves.append(
        Outlook.Move(
          month: month, at: start, to: step.to, rule: step.rule, cost: cost,
          savesMonthly: now - prices.monthly(bytes, in: step.to), endMonth: endMonth, until: endAt))
      (from, since) = (step.to, at)
    }
    if let last = outlook.moves.last, endAt.isFinite {
      outlook.end?.cost = prices.earlyEnd(bytes, in: last.to, afterDays: (endAt - last.at) * Prices.daysPerMonth)
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
    // An object that ends is counted to its end, to the day; any other for the horizon after its last move.
    let last = outlook.moves.last?.at ?? 0
    let until = min(outlook.end?.at ?? .infinity, last + Double(horizonMonths))
    return outlook.moves.reduce(-(outlook.end?.cost ?? 0)) { sum, move in
      sum + move.savesMonthly * max(0, min(move.until, until) - move.at) - move.cost
    }
  }

  private static func months(of days: Int, _ age: Double) -> Double { max(0, (Double(days) - age) / Prices.daysPerMonth) }

  private static func month(of days: Int, _ age: Double) -> Int {
    Int(months(of: days, age).rounded(.up))
  }
}
