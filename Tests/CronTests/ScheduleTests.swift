import Cron
import Foundation
import Seeded
import Testing

@Suite struct ScheduleTests {
  private static let zones = [
    "UTC", "Europe/Berlin", "Australia/Lord_Howe", "Antarctica/Troll", "Antarctica/Casey", "Pacific/Apia", "Africa/Cairo",
    "America/St_Johns", "Pacific/Chatham", "Africa/Casablanca",
  ]

  private static func seeded() -> SplitMix {
    let given = ProcessInfo.processInfo.environment["CARILLON_SEED"].flatMap { UInt64($0) }
    let seed = given ?? UInt64.random(in: 0...UInt64(UInt32.max))
    print("seed \(seed) (CARILLON_SEED=\(seed) repeats it)")
    return SplitMix(seed: seed)
  }

  /// A moment in the two days before a change of the clocks, where the zone has one; at a full minute.
  private static func moment(_ zone: ZoneRules, _ random: inout SplitMix) -> Int64 {
    let from = Int64.random(in: 86_400...4_000_000_000, using: &random)
    let change = zone.transition(after: from).map { $0 - Int64.random(in: 0...172_800, using: &random) }
    return max(86_400, (change ?? from) / 60 * 60)
  }

  @Test func `agrees with a slow model of cron`() throws {
    var random = Self.seeded()
    let zones = Zones()
    for _ in 0..<150 {
      let zone = try zones(Self.zones.randomElement(using: &random) ?? "UTC")
      let from = Self.moment(zone, &random)
      guard let expression = try? CronExpression(RandomExpression.text(using: &random)) else { continue }
      let schedule = try Schedule(expressions: [expression], zone: zone)
      let wanted = CronModel(expression: expression, zone: zone).runs(from: from, to: from + 3 * 86_400)
      let found = schedule.occurrences(from: from, to: from + 3 * 86_400).map(\.second)
      #expect(found == wanted, "\"\(expression.text)\" in \(zone.identifier) from \(from)")
    }
  }

  /// Unions, exclusions and windows under every policy: forwards and backwards are the same, and a union is what its parts are.
  @Test func `previous is next turned round, and a union is its parts`() throws {
    var random = Self.seeded()
    let zones = Zones()
    for _ in 0..<300 {
      let zone = try zones(Self.zones.randomElement(using: &random) ?? "UTC")
      let from = Self.moment(zone, &random)
      let to = from + 3 * 86_400
      let seconds = Int.random(in: 0..<6, using: &random) == 0
      var expressions: [CronExpression] = []
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        guard
          let one = try? CronExpression(
            RandomExpression.text(seconds: seconds, using: &random), format: seconds ? .seconds : .minutes)
        else { continue }
        expressions.append(one)
      }
      if Int.random(in: 0..<5, using: &random) == 0 { expressions.append(try CronExpression("@every 7h13m")) }
      var exclusions: [Exclusion] = []
      if Bool.random(using: &random), let one = try? CronExpression(RandomExpression.text(using: &random)) {
        exclusions.append(.expression(one))
      }
      if Bool.random(using: &random) { exclusions.append(.window(from: from + 40_000, to: from + 70_000)) }
      let dst = DSTPolicy.allCases.randomElement(using: &random) ?? .debian
      guard let schedule = try? Schedule(expressions: expressions, zone: zone, dst: dst, exclusions: exclusions) else {
        continue
      }
      let told: Comment = "\(expressions.map(\.text)) less \(exclusions) in \(zone.identifier) from \(from), \(dst)"
      let forwards = Array(schedule.occurrences(from: from, to: to, includingSuppressed: true).prefix(2_000))
      #expect(zip(forwards, forwards.dropFirst()).allSatisfy { $0 < $1 }, told)
      // By second, as `previous` asks for a second: the last slot of each.
      var backwards: [Occurrence] = []
      var at = forwards.last.map { $0.second + 1 } ?? to
      while let one = schedule.previous(before: at, includingSuppressed: true), one.second >= from {
        backwards.append(one)
        at = one.second
      }
      let lastSlots = Dictionary(forwards.map { ($0.second, $0) }, uniquingKeysWith: { $1 }).values.sorted()
      #expect(backwards.reversed() == lastSlots, told)
      var parts: Set<Int64> = []
      for expression in expressions {
        guard let part = try? Schedule(expressions: [expression], zone: zone, dst: dst, exclusions: exclusions) else {
          continue
        }
        parts.formUnion(part.occurrences(from: from, to: to).prefix(2_000).map(\.second))
      }
      let due = forwards.filter(\.isDue).map(\.second)
      #expect(Set(due) == parts.filter { $0 <= forwards.last?.second ?? from } || forwards.count == 2_000, told)
      for second in due.prefix(5) { #expect(schedule.contains(second: second), told) }
    }
  }

  @Test func `every counts from the start, or from 1970`() throws {
    let every = try CronExpression("@every 90s")
    let free = try Schedule(expressions: [every], zone: .utc)
    #expect(free.occurrences(from: 1_000, to: 1_300).map(\.second) == [1_080, 1_170, 1_260])
    let anchored = try Schedule(expressions: [every], zone: .utc, start: 1_005)
    #expect(anchored.occurrences(from: 0, to: 1_200).map(\.second) == [1_005, 1_095, 1_185])
    #expect(anchored.previous(before: 1_095)?.second == 1_005)
    #expect(anchored.previous(before: 1_005) == nil)
  }

  @Test func `start is inclusive and end is not`() throws {
    let minutes = try CronExpression("* * * * *")
    let schedule = try Schedule(expressions: [minutes], zone: .utc, start: 600, end: 720)
    #expect(schedule.occurrences(from: 0, to: 10_000).map(\.second) == [600, 660])
    #expect(schedule.previous(before: 10_000)?.second == 660)
    #expect(throws: CronError.self) { try Schedule(expressions: [minutes], zone: .utc, start: 601, end: 660) }
    #expect(throws: CronError.self) { try Schedule(expressions: [minutes], zone: .utc, start: 60, end: 60) }
  }

  @Test func `exclusions by expression take whole minutes, by window instants`() throws {
    let excluded = Exclusion.expression(try CronExpression("* 1-22 * * *"))
    let schedule = try Schedule(
      expressions: [CronExpression("30 0 * * * *", format: .seconds)], zone: .utc,
      exclusions: [excluded, .window(from: 0, to: 82_801)])
    let evening: Int64 = 23 * 3_600 + 30
    let midnight: Int64 = 86_400 + 30
    #expect(schedule.next(after: 0)?.second == evening)
    #expect(schedule.next(after: evening)?.second == midnight)
    #expect(schedule.previous(before: midnight)?.second == evening)
  }

  @Test(arguments: [["* * * * *"], ["0-29 * * * *", "30-59 * * * *"]]) func `what is excluded altogether is refused`(
    texts: [String]
  ) throws {
    let exclusions = try texts.map { Exclusion.expression(try CronExpression($0)) }
    do throws(CronError) {
      _ = try Schedule(expressions: [try CronExpression("* * * * *")], zone: .utc, exclusions: exclusions)
      Issue.record("accepted")
    } catch {
      #expect(error.code == .neverFires)
    }
  }

  @Test func `an expression of which nothing is left does not hold up the others`() throws {
    let schedule = try Schedule(
      expressions: [CronExpression("*/5 * * * *"), CronExpression("7 * * * *")], zone: .load("Europe/Berlin"),
      exclusions: [.expression(CronExpression("*/5 0-11 * * *")), .expression(CronExpression("*/5 12-23 * * *"))])
    #expect(Array(schedule.occurrences(from: 0, to: 86_400_000).prefix(20_000)).allSatisfy { $0.second % 3_600 == 420 })
  }

  @Test func `reboot alone has no instants`() throws {
    let reboot = try CronExpression("@reboot")
    let alone = try Schedule(expressions: [reboot], zone: .utc)
    #expect(alone.isReboot && alone.includesReboot && alone.next(after: 0) == nil)
    let both = try Schedule(expressions: [reboot, CronExpression("@daily")], zone: .utc)
    #expect(!both.isReboot && both.includesReboot && both.next(after: 0)?.second == 86_400)
    #expect(throws: CronError.self) { try Schedule(expressions: [], zone: .utc) }
    #expect(throws: CronError.self) {
      try Schedule(expressions: [CronExpression("@daily")], zone: .utc, exclusions: [.expression(reboot)])
    }
  }

  @Test func `asks beyond both ends have answers`() throws {
    let schedule = try Schedule(expressions: [CronExpression("* * * * *")], zone: .load("Europe/Berlin"))
    #expect(schedule.next(after: .min)?.second == 0)
    #expect(schedule.next(after: .max) == nil)
    #expect(schedule.previous(before: .min) == nil)
    #expect(schedule.previous(before: .max) != nil)
    #expect(!schedule.contains(second: .min) && !schedule.contains(second: .max))
    #expect(schedule.next(after: Occurrence(second: .min))?.second == 0)
    // 2100, by the rule at the end of the zone's data.
    let summer = try Schedule(expressions: [CronExpression("0 12 1 7 *")], zone: .load("Europe/Berlin"))
    let from = LocalTime(year: 2100, month: 1, day: 1).ordinal
    #expect(summer.next(after: from)?.second == LocalTime(year: 2100, month: 7, day: 1, hour: 10).ordinal)
  }
}
