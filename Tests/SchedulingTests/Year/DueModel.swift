import Cron
import JobModel
import Store

/// The instants of a schedule, by a walk over every minute of the year: slow and obvious, from cron(8) and docs/scheduling.md, with
/// nothing of `Cron` but its names of the policies.
enum DueModel {
  enum Kind { case due, folded, inGap }

  struct Instant {
    var key: InstantKey
    var kind: Kind
  }

  static func instants(of schedule: RandomSchedule, in year: Range<Int64>, _ wall: WallMinutes) -> [Instant] {
    var found: [Instant] = []
    var passed = wall.ordinals[0] - 1  // the last minute of the wall that had its jobs
    var known = Day(schedule)
    for (index, local) in wall.ordinals.enumerated() {
      let second = Int64(wall.firstMinute + index) * 60
      let jump = local - passed
      var slots: [Kind] = []
      if index > 0, local != wall.ordinals[index - 1] + 1 {
        if jump > 180 || jump < -179 {
          passed = local - 1  // the clock was set to another time: whatever it shows is right
        } else if jump > 1 {
          for missed in passed + 1..<local {
            if let kind = missedKind(schedule, known.matching(missed), isSlip: jump <= 5) { slots.append(kind) }
          }
        }
      }
      if let period = schedule.period {
        if (second - (schedule.start ?? 0)) % period == 0 { slots.append(.due) }
      } else if let kind = kind(schedule, known.matching(local), isRepeat: local <= passed) {
        slots.append(kind)
      }
      passed = max(passed, local)
      guard !slots.isEmpty, isOpen(schedule, second) else { continue }
      for (slot, kind) in slots.enumerated() {
        found.append(Instant(key: InstantKey(Timestamp(seconds: second), slot: slot), kind: kind))
      }
    }
    return found
  }

  private static func isOpen(_ schedule: RandomSchedule, _ second: Int64) -> Bool {
    if let start = schedule.start, second < start { return false }
    if let end = schedule.end, second >= end { return false }
    return !(schedule.window?.contains(second) ?? false)
  }

  /// A minute that the wall shows.
  private static func kind(
    _ schedule: RandomSchedule, _ matching: [RandomSchedule.Expression], isRepeat: Bool
  ) -> Kind? {
    if matching.isEmpty { return nil }
    if !isRepeat || schedule.dst == .literal || matching.contains(where: \.isWildcard) { return .due }
    return .folded
  }

  /// A minute that the wall left out.
  private static func missedKind(
    _ schedule: RandomSchedule, _ matching: [RandomSchedule.Expression], isSlip: Bool
  ) -> Kind? {
    if schedule.dst == .debian, isSlip, !matching.isEmpty { return .due }
    guard matching.contains(where: { !$0.isWildcard }) else { return nil }
    return schedule.dst == .debian ? .due : .inGap
  }

  /// The expressions that match a minute of the wall; whole days that none matches are known after one look.
  private struct Day {
    let schedule: RandomSchedule
    private var day = Int.min
    private var mayMatch = false

    init(_ schedule: RandomSchedule) { self.schedule = schedule }

    mutating func matching(_ local: Int) -> [RandomSchedule.Expression] {
      if local / 1_440 != day {
        day = local / 1_440
        mayMatch = schedule.expressions.contains { expression in
          var noon = expression
          noon.minute.values = [0]
          noon.hour.values = [12]
          return noon.matches(WallMinute(ordinal: day * 1_440 + 720))
        }
      }
      guard mayMatch else { return [] }
      let minute = local % 60
      guard schedule.expressions.contains(where: { $0.minute.values.contains(minute) }) else { return [] }
      let wall = WallMinute(ordinal: local)
      if let exclusion = schedule.exclusion, exclusion.matches(wall) { return [] }
      return schedule.expressions.filter { $0.matches(wall) }
    }
  }
}
