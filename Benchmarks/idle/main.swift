import Engine
import Foundation
import JobModel

/// What a scheduler costs while nothing is due, how late it is when a thousand jobs are due at once, and how long it takes to begin;
/// beside Debian's cron and APScheduler where they are installed.
///
///     idle-bench DIRECTORY HOST PLUGINS [SCHEDULES] [SECONDS]
///     idle-bench --serve DIRECTORY SCHEDULES      the process that is looked at; ends with its standard input
let arguments = CommandLine.arguments
if arguments.count == 4, arguments[1] == "--serve" {
  try await IdleScheduler.serve(directory: arguments[2], schedules: Int(arguments[3]) ?? 0)
  exit(0)
}
guard arguments.count >= 4 else {
  FileHandle.standardError.write(Data("usage: idle-bench DIRECTORY HOST PLUGINS [SCHEDULES] [SECONDS]\n".utf8))
  exit(64)
}
let schedules = arguments.count > 4 ? Int(arguments[4]) ?? 100_000 : 100_000
let seconds = arguments.count > 5 ? Int(arguments[5]) ?? 60 : 60
let bench = IdleBench(directory: arguments[1], seconds: seconds)

let empty = try await bench.serve(schedules: 0)
print("empty:        \(empty)")
let full = try await bench.serve(schedules: schedules)
print("\(schedules) schedules: \(full)")
print("above empty:  \(format(full.rssMiB - empty.rssMiB)) MiB")
for peer in try await bench.peers(schedules: schedules) { print(peer) }

let lateness = try await FiringBench(directory: arguments[1]).measure(jobs: 1_000, rounds: 20)
print("1,000 jobs in one second, 20 times: \(lateness)")

let start = StartBench(directory: arguments[1], host: arguments[2], plugins: arguments[3])
let ready = try await start.measure(jobs: 1_000, items: 1_000_000)
print("start, 1,000 jobs, a million finished items: \(ready.map { format($0) }.joined(separator: ", ")) ms")
print(
  """
  {"bench":"idle","schedules":\(schedules),"rss_mib":\(format(full.rssMiB - empty.rssMiB)),\
  "cpu_percent":\(format(full.cpuPercent, 4)),"wakeups_per_min":\(format(full.wakeUpsPerMinute)),\
  "lateness_p99_ms":\(format(lateness.durableP99)),"ready_ms":\(format(ready.sorted()[ready.count / 2]))}
  """)

func format(_ number: Double, _ digits: Int = 1) -> String { String(format: "%.\(digits)f", number) }
