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
    let before = (ticks: try Self.ticks(pid), wakeUps: try Self.wakeUps(pid))
    try await Task.sleep(for: .seconds(seconds))
    let after = (ticks: try Self.ticks(pid), wakeUps: try Self.wakeUps(pid))
    cpuPercent = Double(after.ticks - before.ticks) / Double(sysconf(Int32(_SC_CLK_TCK))) / Double(seconds) * 100
    let wakeUps = after.wakeUps.reduce(0) { $0 + $1.value - (before.wakeUps[$1.key] ?? 0) }
    wakeUpsPerMinute = Double(wakeUps) * 60 / Double(seconds)
    rssMiB = Double(try Self.field("VmRSS", try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8))) / 1_024
  }

  var description: String {
    "\(format(rssMiB)) MiB, \(format(cpuPercent, 4)) % of a core, \(format(wakeUpsPerMinute)) wake-ups a minute"
  }

  /// Waits until what a process does once at its beginning is done: it uses next to nothing for five seconds.
  static func awaitRest(of pid: Int32) async throws {
    for _ in 0..<120 {
      let before = try ticks(pid)
      try await Task.sleep(for: .seconds(5))
      if try ticks(pid) - before <= 5 { return }
    }
    throw BenchError("process \(pid) does not come to rest")
  }

  /// Time on a processor, of threads too that have ended. A tick is 10 ms: a sixtieth of a percent where a minute is looked at.
  private static func ticks(_ pid: Int32) throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
    let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
    return (Int(fields[12]) ?? 0) + (Int(fields[13]) ?? 0)
  }

  /// By thread.
  private static func wakeUps(_ pid: Int32) throws -> [String: Int] {
    var wakeUps: [String: Int] = [:]
    for thread in try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task") {
      guard let status = FileManager.default.contents(atPath: "/proc/\(pid)/task/\(thread)/status") else { continue }
      wakeUps[thread] = try field("voluntary_ctxt_switches", String(decoding: status, as: UTF8.self))
    }
    return wakeUps
  }

  private static func field(_ name: String, _ text: String) throws -> Int {
    for line in text.split(separator: "\n") where line.hasPrefix("\(name):") {
      return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    }
    return 0
  }
}
