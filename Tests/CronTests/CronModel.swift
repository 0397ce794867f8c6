import Cron

/// cron(8) as its manual tells it, minute by minute: slow, obvious, and independent of the module's search. It keeps the minute of the
/// wall that was run last, looks at the clock each minute, and goes by how far the clock has jumped.
struct CronModel {
  var expression: CronExpression
  var zone: ZoneRules

  /// The seconds at which it runs the job, from one to another, in full minutes.
  func runs(from: Int64, to: Int64) -> [Int64] {
    func minute(_ second: Int64) -> Int64 { zone.local(at: second).ordinal / 60 }
    func isWanted(_ minute: Int64) -> Bool { expression.matches(LocalTime(ordinal: minute * 60)) }
    var runs: [Int64] = []
    var last = minute(from - 60)
    for now in stride(from: from, to: to, by: 60) {
      let shown = minute(now)
      switch shown - last {
      case 1...5:
        while last < shown {
          last += 1
          if isWanted(last) { runs.append(now) }
        }
      case 6...180:
        if expression.isWildcard, isWanted(shown) { runs.append(now) }
        while last < shown {
          last += 1
          if !expression.isWildcard, isWanted(last) { runs.append(now) }
        }
      case -179...0:
        if expression.isWildcard, isWanted(shown) { runs.append(now) }
      default:
        last = shown
        if isWanted(shown) { runs.append(now) }
      }
    }
    return runs
  }
}
