import Cron
import Foundation
import Seeded
import Testing

/// Random questions, put to us and to programs by other people.
@Suite struct DifferentialTests {
  private static var seed: UInt64 {
    ProcessInfo.processInfo.environment["CARILLON_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64(UInt32.max))
  }

  /// Without Australia/Lord_Howe: cronsim goes through wildcard jobs by whole hours and loses its place over a shift of half an hour.
  private static let zones = [
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "America/Sao_Paulo", "Australia/Sydney", "America/St_Johns",
    "Pacific/Chatham", "Asia/Tokyo", "Africa/Casablanca", "Antarctica/Troll",
  ]

  @Test func `agrees with cronsim`() throws {
    let seed = Self.seed
    print("seed \(seed) (CARILLON_SEED=\(seed) repeats it)")
    var random = SplitMix(seed: seed)
    let zones = Zones()
    var questions: [Oracle.Question] = []
    for _ in 0..<8_000 {
      let name = Self.zones.randomElement(using: &random) ?? "UTC"
      var from = Int64.random(in: 86_400...4_000_000_000, using: &random)
      // Half of them begin in the two days before a change of the clocks.
      if Bool.random(using: &random), let change = try zones(name).transition(after: from) {
        from = change - Int64.random(in: 0...172_800, using: &random)
      }
      let seconds = Int.random(in: 0..<5, using: &random) == 0
      questions.append(
        .init(zone: name, expression: RandomExpression.text(seconds: seconds, using: &random), from: from, count: 6))
    }
    let answers = try Oracle.ask(questions)
    #expect(answers.count == questions.count)
    var compared = 0
    for (question, answer) in zip(questions, answers) {
      guard let text = question.expression, let from = question.from, case .numbers(let wanted) = answer else { continue }
      let hasSeconds = text.split(separator: " ").count == 6
      let expression: CronExpression
      do throws(CronError) {
        expression = try CronExpression(text, format: hasSeconds ? .seconds : .minutes)
      } catch {
        // Such as the sixth Monday of a month: cronsim looks for it for fifty years.
        #expect(error.code == .neverFires && wanted.isEmpty, "\"\(text)\": \(error)")
        continue
      }
      let schedule = try Schedule(
        expressions: [expression], zone: zones(question.zone), dst: hasSeconds ? .literal : .debian)
      // cronsim knows no slots: several times of one gap are one instant to it.
      var found: [Int64] = []
      while found.count < wanted.count, let next = schedule.next(after: found.last ?? from) { found.append(next.second) }
      if expression.isWildcard || hasSeconds,
        Self.losesPlace(zones: zones, question.zone, from: from, to: max(found.last ?? from, wanted.last ?? from))
      {
        continue
      }
      #expect(found == wanted, "\"\(text)\" in \(question.zone) from \(from)")
      compared += 1
    }
    #expect(compared > 6_000)
  }

  /// cronsim steps through wildcard jobs, and those with seconds, in whole hours and sets them to midnight: it goes wrong over
  /// changes that are not made at a full hour, or that touch midnight. Debian's cron, run with a clock of ours, does not.
  private static func losesPlace(zones: Zones, _ name: String, from: Int64, to: Int64) -> Bool {
    guard let zone = try? zones(name) else { return true }
    var at = from - 86_400
    while let change = zone.transition(after: at), change <= to + 86_400 {
      let before = zone.local(at: change - 1)
      let after = zone.local(at: change)
      if before.minute != 59 || after.minute != 0 || before.day != after.day || after.hour == 0 { return true }
      at = change
    }
    return false
  }

  @Test func `knows the offsets that Python's zoneinfo knows`() throws {
    let seed = Self.seed
    print("seed \(seed) (CARILLON_SEED=\(seed) repeats it)")
    var random = SplitMix(seed: seed)
    var questions: [Oracle.Question] = []
    var zones: [ZoneRules] = []
    for name in TimeZone.knownTimeZoneIdentifiers.sorted() where name.contains("/") {
      guard let zone = try? ZoneRules.load(name) else { continue }
      var seconds = (0..<20).map { _ in Int64.random(in: 0...4_133_980_800, using: &random) }
      // The second before a change and the second of it.
      var at = seconds[0]
      for _ in 0..<6 {
        guard let change = zone.transition(after: at), change < 4_133_980_800 else { break }
        seconds += [change - 1, change]
        at = change
      }
      zones.append(zone)
      questions.append(.init(zone: name, seconds: seconds))
    }
    #expect(zones.count > 300)
    for (zone, (question, answer)) in zip(zones, zip(questions, try Oracle.ask(questions))) {
      guard case .numbers(let wanted) = answer, let seconds = question.seconds else { continue }
      #expect(seconds.map { Int64(zone.offset(at: $0)) } == wanted, "\(zone.identifier) at \(seconds)")
    }
  }
}
