import AWSClient
import Foundation
import Testing

@testable import S3Lifecycle

/// Money, against sums done by hand.
@Suite struct SavingsTests {
  private let rules = Forecaster(prices: .standard, minBytes: 131_072, horizonMonths: 36, copies: false)
  private let gb: Int64 = 1 << 30

  private func way(_ change: (inout LifecycleRule) -> Void) -> RuleBook.Way {
    var rule = LifecycleRule(id: "r", prefix: "")
    change(&rule)
    var ways = Ways(RuleBook([rule]))
    return ways.way(of: "k", .plain)
  }

  private var logs: RuleBook.Way {
    way {
      $0.transitions = [.init(days: 30, storageClass: .standardIA), .init(days: 90, storageClass: .glacier)]
      $0.expiration = .init(days: 365)
    }
  }

  @Test func whatAnObjectCostsAMonth() {
    let prices = Prices.standard
    #expect(prices.monthly(gb, in: .standard) == 0.023)
    #expect(prices.monthly(gb, in: .standardIA) == 0.0125)
    // Billed as 128 KiB.
    #expect(prices.monthly(1, in: .standardIA) == 0.0125 / 8_192)
    // 32 KiB in the class and 8 KiB in STANDARD beside the object.
    let overhead = 0.004 * 32 / 1_048_576 + 0.023 * 8 / 1_048_576
    #expect(abs(prices.monthly(gb, in: .glacier) - (0.004 + overhead)) < 1e-12)
    #expect(abs(prices.monthly(gb, in: .intelligentTiering) - (0.023 + 0.0000025)) < 1e-12)
    // Ten days of thirty are left to be billed.
    #expect(abs(prices.earlyEnd(gb, in: .standardIA, afterDays: 20) - 0.0125 * 10 / 30.4375) < 1e-12)
    #expect(prices.earlyEnd(gb, in: .standardIA, afterDays: 30) == 0)
    // A copy pays for reading, a rule does not.
    #expect(prices.move(gb, from: .standardIA, to: .glacier, copies: false).isNear(0.00003))
    #expect(abs(prices.move(gb, from: .standardIA, to: .glacier, copies: true) - 0.01003) < 1e-12)
  }

  @Test func theWayOfAYoungLog() {
    let outlook = rules.outlook(bytes: gb, in: .standard, ageDays: 0, way: logs)
    #expect(outlook.verdict == .moves && outlook.dueMove == nil)
    #expect(outlook.moves.map(\.to) == [.standardIA, .glacier])
    #expect(outlook.moves.map(\.month) == [1, 3] && outlook.moves.map(\.endMonth) == [3, 12])
    #expect(outlook.end?.month == 12)
  }

  @Test func anOldLogGoesToTheColdestAtOnce() {
    let outlook = rules.outlook(bytes: gb, in: .standard, ageDays: 100, way: logs)
    #expect(outlook.moves.map(\.to) == [.glacier] && outlook.dueMove?.to == .glacier)
    #expect(outlook.moves[0].cost.isNear(0.00003))
    let there = rules.outlook(bytes: gb, in: .glacier, ageDays: 100, way: logs)
    #expect(there.verdict == .stays)
    // From IA after 40 days there, nothing is left of the shortest stay.
    let onItsWay = rules.outlook(bytes: gb, in: .standardIA, ageDays: 95, way: logs)
    #expect(onItsWay.dueMove?.to == .glacier && onItsWay.moves[0].cost.isNear(0.00003))
    #expect(rules.outlook(bytes: gb, in: .standard, ageDays: 400, way: logs).end?.month == 0)
  }

  @Test func smallObjectsStay() {
    let small = rules.outlook(bytes: 131_071, in: .standard, ageDays: 100, way: logs)
    #expect(small.verdict == .tooSmall && small.moves.isEmpty)
    var told = rules
    told = Forecaster(prices: .standard, minBytes: 0, horizonMonths: 36, copies: false)
    // 1,000 bytes in GLACIER cost more than in STANDARD.
    #expect(told.outlook(bytes: 1_000, in: .standard, ageDays: 100, way: logs).verdict == .neverPays)
  }

  @Test func whatExpiresSoonIsNotMoved() {
    // Two months are left of the year: what 200 KiB save in that time is less than the request costs.
    #expect(rules.outlook(bytes: 200 << 10, in: .standard, ageDays: 310, way: logs).verdict == .neverPays)
    #expect(rules.outlook(bytes: 100 << 20, in: .standard, ageDays: 310, way: logs).verdict == .moves)
  }

  private func way(_ rules: [LifecycleRule], endings: [LifecycleRule] = [], _ kind: Ways.Kind) -> RuleBook.Way {
    var ways = Ways(RuleBook(rules, endings: endings))
    return ways.way(of: "k", kind)
  }

  /// Where there are versions, expiry makes a noncurrent version, which goes on being billed.
  @Test func whatExpiresIntoAVersionIsNotGone() throws {
    var rule = LifecycleRule(id: "r", prefix: "")
    rule.transitions = [.init(days: 30, storageClass: .standardIA), .init(days: 90, storageClass: .glacier)]
    rule.expiration = .init(days: 365)
    let endless = rules.outlook(bytes: gb, in: .standard, ageDays: 100, way: way([rule], .versioned))
    #expect(endless.verdict == .moves && endless.end == nil && endless.moves.map(\.to) == [.glacier])
    var noncurrent = LifecycleRule(id: "n", prefix: "")
    noncurrent.noncurrentTransitions = [.init(noncurrentDays: 60, storageClass: .deepArchive)]
    noncurrent.noncurrentExpiration = .init(noncurrentDays: 300)
    let chained = rules.outlook(bytes: gb, in: .standard, ageDays: 100, way: way([rule, noncurrent], .versioned))
    #expect(chained.moves.map(\.to) == [.glacier, .deepArchive] && chained.moves.map(\.rule) == [0, 1])
    let end = try #require(chained.end)
    #expect(end.rule == 0 && end.at.isNear((365 + 300 - 100) / 30.4375))
    #expect(try #require(chained.moves.last).at.isNear((365 + 60 - 100) / 30.4375))
    // Without versions it is gone the first time.
    let plain = rules.outlook(bytes: gb, in: .standard, ageDays: 100, way: way([rule, noncurrent], .plain))
    #expect(plain.end?.at.isNear((365 - 100) / 30.4375) == true && plain.moves.map(\.to) == [.glacier])
    var ledger = SavingsLedger(rules: 1, months: 40, leavesUnprofitable: false)
    ledger.add(endless, bytes: gb, way: way([rule], .versioned))
    #expect(ledger.lines[0].balance.expired.allSatisfy { $0 == 0 })
  }

  @Test func aVersionThatStaysIsPaidFor() {
    let copies = Forecaster(prices: .standard, minBytes: 131_072, horizonMonths: 36, copies: true)
    var rule = LifecycleRule(id: "r", prefix: "")
    rule.transitions = [.init(days: 30, storageClass: .glacierInstantRetrieval)]
    var end = LifecycleRule(id: "e", prefix: "")
    func verdict(_ endings: [LifecycleRule], leavesOld: Bool) -> Outlook.Verdict {
      let way = way([rule], endings: endings, .versioned)
      return copies.outlook(bytes: gb, in: .standard, ageDays: 40, way: way, leavesOld: leavesOld).verdict
    }
    #expect(verdict([], leavesOld: false) == .moves && verdict([], leavesOld: true) == .neverPays)
    end.noncurrentExpiration = .init(noncurrentDays: 30)
    #expect(verdict([end], leavesOld: true) == .moves)
    end.noncurrentExpiration = .init(noncurrentDays: 1_000)
    #expect(verdict([end], leavesOld: true) == .neverPays)
  }

  /// Others' rules end objects, and nobody saves that here.
  @Test func endsOfOtherRulesAreNoSavings() {
    var rule = LifecycleRule(id: "r", prefix: "")
    rule.transitions = [.init(days: 30, storageClass: .standardIA)]
    var other = LifecycleRule(id: "o", prefix: "")
    other.expiration = .init(days: 130)
    other.transitions = [.init(days: 40, storageClass: .glacier)]
    let way = way([rule], endings: [other], .plain)
    #expect(way.steps.map(\.to) == [.standardIA] && way.ends.map(\.rule) == [RuleBook.others])
    let outlook = rules.outlook(bytes: gb, in: .standard, ageDays: 30, way: way)
    var ledger = SavingsLedger(rules: 1, months: 12, leavesUnprofitable: false)
    ledger.add(outlook, bytes: gb, way: way)
    let balance = ledger.lines[0].balance
    #expect(balance.saved[0] > 0.01 && balance.saved[11] == 0 && balance.expired.allSatisfy { $0 == 0 })
  }

  /// By the day: two days are no month, and the shortest stay is billed to its end.
  @Test func theDaysThatAreLeftAreCountedAsTheyAre() throws {
    // Two days in GLACIER, and 88 more that are billed: 0.0013 $ saved, 0.0116 $ paid.
    let late = rules.outlook(bytes: gb, in: .standard, ageDays: 363, way: logs)
    #expect(late.verdict == .neverPays && late.moves.map(\.to) == [.glacier])
    let glacier = Prices.standard.monthly(gb, in: .glacier)
    #expect(try #require(late.end).cost.isNear(88 / 30.4375 * glacier))
    // 90 days of it are no loss any more; 31 pay for 59 that are not used, just.
    let early = rules.outlook(bytes: gb, in: .standard, ageDays: 275, way: logs)
    #expect(early.verdict == .moves && early.end?.cost == 0)
    func net(_ days: Double) -> Double {
      days / 30.4375 * (0.023 - glacier) - (90 - days) / 30.4375 * glacier - 0.00003
    }
    for days in [10.0, 15, 16, 20, 31] {
      let verdict = rules.outlook(bytes: gb, in: .standard, ageDays: 365 - days, way: logs).verdict
      #expect(verdict == (net(days) > 0 ? .moves : .neverPays), "\(days)")
    }
    #expect(net(15) < 0 && net(16) > 0)
    // A step that comes within the month of the end, and before it, is a step.
    let young = rules.outlook(
      bytes: gb, in: .standard, ageDays: 0,
      way: way {
        $0.transitions = [.init(days: 91, storageClass: .glacier)]
        $0.expiration = .init(days: 115)
      })
    #expect(young.moves.count == 1 && young.verdict == .moves)
    #expect(try #require(young.end).cost.isNear(66 / 30.4375 * glacier))
  }

  @Test func theEarlyEndIsPaidWhenItComes() throws {
    // 60 days of the 90 that are billed.
    let way = way {
      $0.transitions = [.init(days: 0, storageClass: .glacierInstantRetrieval)]
      $0.expiration = .init(days: 60)
    }
    let outlook = rules.outlook(bytes: 100 * gb, in: .standard, ageDays: 0, way: way)
    #expect(outlook.verdict == .moves)
    var ledger = SavingsLedger(rules: 1, months: 6, leavesUnprofitable: false)
    ledger.add(outlook, bytes: 100 * gb, way: way)
    let paid = ledger.lines[0].balance.paid
    #expect(paid[0].isNear(0.00002) && paid[2].isNear(30 / 30.4375 * 0.4) && paid[1] == 0)
  }

  @Test func theSumOfABucket() throws {
    // 1,000 logs of 1 GB, 100 days old.
    var ledger = SavingsLedger(rules: 1, months: 36, leavesUnprofitable: false)
    for _ in 0..<1_000 {
      ledger.add(rules.outlook(bytes: gb, in: .standard, ageDays: 100, way: logs), bytes: gb, way: logs)
    }
    let savings = Savings(ledger, ids: ["logs"], priceSource: "")
    let line = try #require(savings.lines.first)
    let overhead = 0.004 * 32 / 1_048_576 + 0.023 * 8 / 1_048_576
    let monthly = 1_000 * (0.023 - 0.004 - overhead)
    #expect(line.due.objects == 1_000 && line.due.bytes == 1_000 * gb)
    #expect(abs(line.firstMonth - (monthly - 0.03)) < 1e-9 && abs(line.firstMonthCost - 0.03) < 1e-9)
    #expect(abs(line.steadyMonthly - monthly) < 1e-9)
    #expect(line.monthsUntilItPays == 1 && abs(line.totalCost - 0.03) < 1e-9)
    #expect(line.expiryFirstMonth == 0 && abs(line.expirySteadyMonthly - (23 - monthly)) < 1e-9)
    #expect(savings.total.due == line.due && savings.total.steadyMonthly == line.steadyMonthly)
  }

  @Test func aLaterCostCountsAgainstAnEarlierGain() {
    var balance = MonthlyBalance(months: 6)
    balance.save(2, from: 0, to: 6)
    balance.pay(1, in: 0)
    #expect(balance.monthsUntilItPays == 1)
    balance.pay(6, in: 2)
    // 1, 3, -1, 1: it pays since the fourth month.
    #expect(balance.monthsUntilItPays == 4)
    #expect(MonthlyBalance(months: 3).monthsUntilItPays == nil)
  }

  @Test func theFloorIsWhereARuleBeginsToPay() throws {
    var rule = LifecycleRule(id: "logs", prefix: "logs/")
    rule.transitions = [.init(days: 30, storageClass: .standardIA), .init(days: 90, storageClass: .glacier)]
    rule.expiration = .init(days: 365)
    let floor = try #require(SizeFloor.bytes(rule, rules))
    let judge = Forecaster(prices: .standard, minBytes: 0, horizonMonths: 36, copies: false)
    #expect(judge.outlook(bytes: floor, in: .standard, ageDays: 0, way: logs).verdict == .moves)
    #expect(judge.outlook(bytes: floor - 1_024, in: .standard, ageDays: 0, way: logs).verdict == .neverPays)
    #expect((131_072...524_288).contains(floor))
    let split = SizeFloor.split(rule, from: floor)
    #expect(split.map { $0.id ?? "" } == ["logs", "logs-end"])
    #expect(split[0].meaning.filter?.and?.objectSizeGreaterThan == floor - 1 && split[0].expiration == nil)
    #expect(split[1].transitions == nil && split[1].expiration?.days == 365 && split[1].filter?.prefix == "logs/")
  }

  @Test func pricesOfAFile() throws {
    let path = "/tmp/prices-\(UInt64.random(in: 0 ... .max)).json"
    try #"{"default":{"STANDARD":{"gbMonth":0.03}},"regions":{"xx-1":{"GLACIER":{"gbMonth":0.005,"minDays":90}}}}"#
      .write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(try PriceTable(region: "us-east-1", file: path).prices.monthly(gb, in: .standard) == 0.03)
    let other = try PriceTable(region: "xx-1", file: path)
    #expect(other.prices.monthly(gb, in: .glacier) == 0.005 && other.prices.monthly(gb, in: .standard) == 0.023)
    try #"{"default":{"STANDARD":{"gbMonth":-1}}}"#.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: S3LifecycleError.self) { try PriceTable(region: "a", file: path) }
    #expect(throws: S3LifecycleError.self) { try PriceTable(region: "a", file: "/nonexistent") }
  }
}

extension Double {
  fileprivate func isNear(_ other: Double) -> Bool { abs(self - other) < 1e-12 }
}
