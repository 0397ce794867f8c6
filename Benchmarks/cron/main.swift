// Next instants a second on one core, of ordinary expressions; and the slowest single search. The last line is the result.
import Cron
import Glibc

func monotonicNanoseconds() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// 2026-01-01 00:00:00 UTC.
let begin: Int64 = 1_767_225_600
let ordinary = [
  "*/5 * * * *", "0 2 * * *", "30 4 1,15 * 5", "0 9-17 * * 1-5", "15 3 * * 0", "@monthly", "*/20 1-3 * * *", "45 23 L * *",
]

func schedule(_ text: String, in zone: ZoneRules) throws -> Schedule {
  try Schedule(expressions: [CronExpression(text)], zone: zone)
}

/// Walks on from instant to instant; what is found is summed up so that no call is optimised away.
func walk(_ schedule: Schedule, count: Int) -> (perSecond: Double, sum: Int64) {
  var at = Occurrence(second: begin)
  var sum: Int64 = 0
  let started = monotonicNanoseconds()
  for _ in 0..<count {
    guard let next = schedule.next(after: at) else {
      at = Occurrence(second: begin)
      continue
    }
    at = next
    sum &+= next.second
  }
  return (Double(count) * 1e9 / Double(monotonicNanoseconds() - started), sum)
}

/// The harmonic mean over the ordinary expressions: as many instants of each.
func rate(in zone: ZoneRules, count: Int) throws -> Double {
  var secondsPerInstant = 0.0
  for text in ordinary {
    let schedule = try schedule(text, in: zone)
    let best = (0..<3).map { _ in walk(schedule, count: count).perSecond }.max() ?? 0
    print("\(zone.identifier)\t\(Int(best))/s\t\(text)")
    secondsPerInstant += 1 / best
  }
  return Double(ordinary.count) / secondsPerInstant
}

/// The slowest single call over twenty starts, in milliseconds; the best of five tries, so that another process is not measured.
func worst(_ text: String, in zone: ZoneRules) throws -> Double {
  let schedule = try schedule(text, in: zone)
  var slowest = 0.0
  for start in 0..<20 {
    let from = begin - 700_000_000 + Int64(start) * 94_608_000
    var best = Double.infinity
    for _ in 0..<5 {
      let started = monotonicNanoseconds()
      _ = schedule.next(after: from)
      best = min(best, Double(monotonicNanoseconds() - started) / 1e6)
    }
    slowest = max(slowest, best)
  }
  print("\(zone.identifier)\t\(slowest) ms\t\(text)")
  return slowest
}

let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000
let berlin = try ZoneRules.load("Europe/Berlin")
let utc = try rate(in: .utc, count: count)
let dst = try rate(in: berlin, count: count)
let slowest =
  try [
    worst("0 0 * 2 MON#5", in: .utc), worst("0 0 * 2 MON#5", in: berlin), worst("30 2 */28,29 2 7", in: berlin),
  ].max() ?? 0
let rounded = (slowest * 100_000).rounded() / 100_000
print("{\"bench\":\"cron\",\"utc_next_per_s\":\(Int(utc)),\"dst_next_per_s\":\(Int(dst)),\"worst_ms\":\(rounded)}")
