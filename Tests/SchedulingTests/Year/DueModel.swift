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
    if schedule.isReboot { return [] }  // the model of the policies is told of boots
    if let period = schedule.period { return instants(every: period, schedule, in: year) }
    var found: [Instant] = []
    var passed = wall.ordinals[0] - 1  // the last minute of the wall that had its jobs
    var known = Known(schedule)
    var index = 0
    while index < wall.ordinals.count {
      let local = wall.ordinals[index]
      let second = Int64(wall.firstMinute + index) * 60
      var slots: [Kind] = []
      if wall.jumps.contains(index) {
        let jump = local - passed
        if jump > 180 || jump < -179 {
          passed = local - 1  // the clock was set to another time: whatever it shows is right
        } else if jump > 1 {
          for missed in passed + 1..<local {
            if let kind = missedKind(schedule, known.matching(missed), isSlip: jump <= 5) { slots.append(kind) }
          }
        }
      }
      if let kind = kind(schedule, known.matching(local), isRepeat: local <= passed) { slots.append(kind) }
      if !slots.isEmpty, isOpen(schedule, second) {
        for (slot, kind) in slots.enumerated() {
          for offset in schedule.seconds ?? [0] {
            found.append(Instant(key: InstantKey(Timestamp(seconds: second + Int64(offset)), slot: slot), kind: kind))
          }
        }
      }
      // Days and hours without a match are gone over at once, but never past a change of the clocks.
      let nextJump = wall.jumps.first { $0 > index } ?? wall.ordinals.count
      let step = min(known.idleMinutes(after: local), nextJump - index)
      passed = max(passed, local + step - 1)
      index += step
    }
    return found
  }

  private static func instants(every period: Int64, _ schedule: RandomSchedule, in year: Range<Int64>) -> [Instant] {
    stride(from: year.lowerBound, to: year.upperBound, by: 60).filter {
      ($0 - (schedule.start ?? 0)) % period == 0 && isOpen(schedule, $0)
    }
    .map { Instant(key: InstantKey(Timestamp(seconds: $0)), kind: .due) }
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

  /// The expressions, asked minute by minute; what a whole day or hour says is kept while it lasts.
  private struct Known {
    let schedule: RandomSchedule
    private let hours: Set<Int>
    private var day = Int.min
    private var mayMatch = false

    init(_ schedule: RandomSchedule) {
      self.schedule = schedule
      hours = schedule.expressions.reduce(into: []) { $0.formUnion($1.hour.values) }
    }

    mutating func matching(_ local: Int) -> [RandomSchedule.Expression] {
      look(local)
      guard mayMatch else { return [] }
      let wall = WallMinute(ordinal: local)
      if let exclusion = schedule.exclusion, exclusion.matches(wall) { return [] }
      return schedule.expressions.filter { $0.matches(wall) }
    }

    /// How many minutes after this one there is nothing, itself counted.
    mutating func idleMinutes(after local: Int) -> Int {
      look(local)
      if !mayMatch { return 1_440 - local % 1_440 }
      return hours.contains(local % 1_440 / 60) ? 1 : 60 - local % 60
    }

    private mutating func look(_ local: Int) {
      guard local / 1_440 != day else { return }
      day = local / 1_440
      mayMatch = schedule.expressions.contains { expression in
        var noon = expression
        noon.minute.values = [0]
        noon.hour.values = [12]
        return noon.matches(WallMinute(ordinal: day * 1_440 + 720))
      }
    }
  }
}
