import Engine
import Foundation
import JobModel
import Store

/// One run of a no-op job on a fresh store.
struct QueueBench {
  let directory: String
  let host: String
  let plugins: String

  struct Result: CustomStringConvertible {
    var perSecond: Double
    /// The most memory that this process, which is what a daemon would be, has had so far.
    var peakMiB: Int
    var walPeakMiB: Int
    var description: String { "\(Int(perSecond)) items/s, this process \(peakMiB) MiB, WAL at most \(walPeakMiB) MiB" }
  }

  func measure(plugin: String, items: Int) async throws -> Result {
    let state = "\(directory)/\(plugin)-\(items)"
    if FileManager.default.fileExists(atPath: state) { try FileManager.default.removeItem(atPath: state) }
    let engine = try await Engine.open(
      EnginePaths(state: state, host: host, plugins: plugins.split(separator: ":").map(String.init)))
    var job = JobDefinition(name: plugin, plugin: plugin)
    job.config = .object(["count": .int(Int64(items))])
    job.workers = 1
    let clock = ContinuousClock()
    let start = clock.now
    let result = try await engine.begin(job, RunOptions()).drive()
    let elapsed = start.duration(to: clock.now)
    guard result.record.state == .succeeded, result.record.counts.succeeded == items else {
      throw EngineError(.state, "the run came out \(result.record.state.name) with \(result.record.counts)")
    }
    let wal = engine.store.statistics().walPeakBytes
    try await engine.close()
    try FileManager.default.removeItem(atPath: state)
    return Result(
      perSecond: Double(items) / elapsed.inSeconds, peakMiB: Self.peakMiB(), walPeakMiB: Int(wal >> 20))
  }

  private static func peakMiB() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Int(usage.ru_maxrss) / 1_024
  }
}

/// The C program that shows what plain SQLite can do.
enum Ceiling {
  private struct Line: Decodable { var end_to_end_per_s: Double }

  static func measure(program: String, directory: String, items: Int) throws -> Double {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [String(items), "8192", directory]
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode(Line.self, from: data).end_to_end_per_s
  }
}
