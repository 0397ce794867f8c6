import AWSClient

/// Objects and their bytes.
package struct Tally: Codable, Hashable, Sendable {
  package var objects = 0
  package var bytes: Int64 = 0

  package init() {}

  package mutating func add(_ size: Int64) {
    objects += 1
    bytes += size
  }

  package mutating func add(_ other: Tally) {
    objects += other.objects
    bytes += other.bytes
  }
}

/// What each rule comes to over the objects that were looked at.
package struct SavingsLedger: Sendable {
  package struct Line: Sendable {
    /// Objects with a move of this rule: now, and later.
    package var due = Tally()
    package var later = Tally()
    package var tooSmall = Tally()
    package var neverPays = Tally()
    package var expiresNow = Tally()
    package var balance: MonthlyBalance
  }

  package private(set) var lines: [Line]
  /// Objects that never pay stay where they are, as transitions by copy see to; a rule takes them along.
  private let leavesUnprofitable: Bool

  package init(rules: Int, months: Int, leavesUnprofitable: Bool) {
    lines = Array(repeating: Line(balance: MonthlyBalance(months: months)), count: rules)
    self.leavesUnprofitable = leavesUnprofitable
  }

  package mutating func add(_ outlook: Outlook, bytes: Int64, way: RuleBook.Way) {
    switch outlook.verdict {
    case .stays: break
    case .tooSmall: if let rule = way.steps.first?.rule { lines[rule].tooSmall.add(bytes) }
    case .neverPays:
      if let rule = outlook.moves.first?.rule { lines[rule].neverPays.add(bytes) }
      if !leavesUnprofitable { book(outlook, bytes) }
    case .moves: book(outlook, bytes)
    }
    // What ends by other rules ends in any case: nobody saves it here.
    if let end = outlook.end, end.rule != RuleBook.others {
      if end.month == 0 { lines[end.rule].expiresNow.add(bytes) }
      let isMoved = outlook.verdict == .moves || !leavesUnprofitable
      let rest = outlook.monthlyNow - (isMoved ? outlook.moves.last?.savesMonthly ?? 0 : 0)
      lines[end.rule].balance.expire(rest, from: end.month)
      // What the moves saved a month goes on being saved: the object is gone.
      if isMoved, let last = outlook.moves.last {
        lines[last.rule].balance.save(last.savesMonthly, from: end.month, to: .max)
      }
    }
  }

  private mutating func book(_ outlook: Outlook, _ bytes: Int64) {
    guard let first = outlook.moves.first else { return }
    if first.month == 0 { lines[first.rule].due.add(bytes) } else { lines[first.rule].later.add(bytes) }
    for move in outlook.moves {
      lines[move.rule].balance.pay(move.cost, in: move.month)
      lines[move.rule].balance.save(move.savesMonthly, from: move.month, to: move.endMonth)
    }
    if let end = outlook.end, let last = outlook.moves.last { lines[last.rule].balance.pay(end.cost, in: end.month) }
  }

  package mutating func add(_ other: SavingsLedger) {
    for index in lines.indices {
      lines[index].due.add(other.lines[index].due)
      lines[index].later.add(other.lines[index].later)
      lines[index].tooSmall.add(other.lines[index].tooSmall)
      lines[index].neverPays.add(other.lines[index].neverPays)
      lines[index].expiresNow.add(other.lines[index].expiresNow)
      lines[index].balance.add(other.lines[index].balance)
    }
  }
}
