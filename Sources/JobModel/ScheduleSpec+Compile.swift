package import Cron

extension ScheduleSpec {
  /// The schedule in the form that computes instants. Throws what `Cron` finds wrong.
  /// - Parameter job: the job's name, which `H` is resolved by.
  package func compiled(job: String, zones: (String) throws(CronError) -> ZoneRules) throws(CronError) -> Schedule {
    var expressions: [CronExpression] = []
    for text in self.expressions { expressions.append(try CronExpression(text, format: format, hashKey: job)) }
    var exclusions: [Cron.Exclusion] = []
    for exclusion in self.exclusions {
      switch exclusion {
      case .expression(let text):
        exclusions.append(.expression(try CronExpression(text, format: format, hashKey: job)))
      case .window(let from, let to): exclusions.append(.window(from: from.wholeSeconds, to: to.wholeSeconds))
      }
    }
    return try Schedule(
      expressions: expressions, zone: try zones(zone), dst: dst, start: start?.wholeSeconds, end: end?.wholeSeconds,
      exclusions: exclusions)
  }

  /// As above, with the machine's zone files.
  package func compiled(job: String) throws(CronError) -> Schedule {
    try compiled(job: job) { (name) throws(CronError) in try ZoneRules.load(name) }
  }
}

extension Timestamp {
  /// Whole seconds since 1970, rounded down.
  package var wholeSeconds: Int64 {
    let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    return remainder < 0 ? quotient - 1 : quotient
  }

  package init(seconds: Int64) { self.init(microseconds: seconds * 1_000_000) }
}
