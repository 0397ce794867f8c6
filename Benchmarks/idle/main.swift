import Foundation

/// What the daemon costs while nothing is due, how late it is when a thousand jobs are due at once, and how long it takes to be
/// ready; beside Debian's cron and APScheduler where they are installed.
///
///     idle-bench DIRECTORY PRODUCTS PLUGINS [SCHEDULES] [SECONDS]
let arguments = CommandLine.arguments
guard arguments.count >= 4 else {
  FileHandle.standardError.write(Data("usage: idle-bench DIRECTORY PRODUCTS PLUGINS [SCHEDULES] [SECONDS]\n".utf8))
  exit(64)
}
let schedules = arguments.count > 4 ? Int(arguments[4]) ?? 100_000 : 100_000
let seconds = arguments.count > 5 ? Int(arguments[5]) ?? 60 : 60
let place = BenchPlace(directory: "\(arguments[1])/idle", products: arguments[2], plugins: arguments[3])

do {
  let start = try await StartBench(place: place).measure(jobs: 1_000, items: 1_000_000)
  say("to READY with 1,000 jobs and a million finished items: \(start.map { format($0) }.joined(separator: ", ")) ms")

  let firing = try await FiringBench(place: place).measure(jobs: 1_000, rounds: 10)
  say("1,000 jobs in one second, 10 times, their runs begun: \(firing)")

  let bench = IdleBench(place: place, seconds: seconds)
  let empty = try await bench.daemon(schedules: 0)
  say("daemon, no jobs: \(empty)")
  let full = try await bench.daemon(schedules: schedules)
  say("daemon, \(schedules) jobs with a schedule each: \(full)")
  say("above empty: \(format(full.rssMiB - empty.rssMiB)) MiB")
  for peer in try await bench.peers(schedules: schedules) { say(peer) }
  say(
    """
    {"bench":"idle","schedules":\(schedules),"rss_mib":\(format(full.rssMiB - empty.rssMiB)),\
    "cpu_percent":\(format(full.cpuPercent, 4)),"wakeups_per_min":\(format(full.wakeUpsPerMinute)),\
    "lateness_p99_ms":\(format(firing.p99, 2)),"ready_ms":\(format(start.sorted()[start.count / 2]))}
    """)
} catch {
  FileHandle.standardError.write(Data("idle-bench: \(error)\n".utf8))
  exit(1)
}

func format(_ number: Double, _ digits: Int = 1) -> String { String(format: "%.\(digits)f", number) }
/// A line at once: the measurement takes minutes.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
