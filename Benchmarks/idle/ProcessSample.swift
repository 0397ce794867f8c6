import Foundation

/// What a process used over a stretch of time, from /proc (proc(5)).
struct ProcessSample: CustomStringConvertible {
  var rssMiB = 0.0
  /// Of one core.
  var cpuPercent = 0.0
  /// Times that one of its threads went from waiting to running.
  var wakeUpsPerMinute = 0.0

  /// Looks at a process for so long.
  init(pid: Int32, seconds: Int) async throws {
    let before = try Self.totals(pid)
    try await Task.sleep(for: .seconds(seconds))
    let after = try Self.totals(pid)
    cpuPercent = Double(after.cpuNanoseconds - before.cpuNanoseconds) / Double(seconds) / 1e7
    wakeUpsPerMinute = Double(after.wakeUps - before.wakeUps) * 60 / Double(seconds)
    rssMiB = Double(try Self.field("VmRSS", try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8))) / 1_024
  }

  var description: String {
    "\(format(rssMiB)) MiB, \(format(cpuPercent, 4)) % of a core, \(format(wakeUpsPerMinute)) wake-ups a minute"
  }

  private static func totals(_ pid: Int32) throws -> (cpuNanoseconds: Int, wakeUps: Int) {
    var totals = (cpuNanoseconds: 0, wakeUps: 0)
    for thread in try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task") {
      let folder = "/proc/\(pid)/task/\(thread)"
      let times = try String(contentsOfFile: "\(folder)/schedstat", encoding: .utf8).split(separator: " ")
      totals.cpuNanoseconds += Int(times[0]) ?? 0
      totals.wakeUps += try field(
        "voluntary_ctxt_switches", try String(contentsOfFile: "\(folder)/status", encoding: .utf8))
    }
    return totals
  }

  private static func field(_ name: String, _ text: String) throws -> Int {
    for line in text.split(separator: "\n") where line.hasPrefix("\(name):") {
      return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    }
    return 0
  }
}
