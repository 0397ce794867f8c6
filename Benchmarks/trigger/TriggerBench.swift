import Engine
import Foundation
import JobModel
import Store

/// Runs of one item, one after another, and when that item was handed to its worker.
struct TriggerBench {
  let directory: String
  let host: String
  let plugins: String

  /// Percentiles in milliseconds.
  struct Latency: CustomStringConvertible {
    let p50: Double
    let p99: Double

    init(_ samples: [Duration]) {
      let sorted = samples.sorted()
      func at(_ quantile: Double) -> Double {
        let index = min(sorted.count - 1, Int((Double(sorted.count) * quantile).rounded(.up)) - 1)
        return (sorted[max(0, index)].inSeconds * 100_000).rounded() / 100
      }
      p50 = at(0.5)
      p99 = at(0.99)
    }

    var description: String { "p50 \(p50) ms, p99 \(p99) ms" }
  }

  func measure(plugin: String, runs: Int, keepsWarm: Bool) async throws -> Latency {
    let state = "\(directory)/trigger-\(plugin)"
    if FileManager.default.fileExists(atPath: state) { try FileManager.default.removeItem(atPath: state) }
    let paths = EnginePaths(state: state, host: host, plugins: plugins.split(separator: ":").map(String.init))
    var engine = try await Engine.open(paths)
    var job = JobDefinition(name: plugin, plugin: plugin)
    job.config = .object(["count": .int(1)])
    job.workers = 1
    if keepsWarm { _ = try await engine.begin(job, RunOptions()).drive() }
    var samples: [Duration] = []
    let clock = ContinuousClock()
    for _ in 0..<runs {
      if !keepsWarm {
        // A cold trigger is the first of an engine: nothing is loaded, nothing is known of the plugin.
        try await engine.close()
        engine = try await Engine.open(paths)
      }
      let start = clock.now
      let run = try await engine.begin(job, RunOptions())
      async let result = run.drive()
      while run.progress.inFlight == 0 && run.progress.counts.ended == 0 { await Task.yield() }
      samples.append(start.duration(to: clock.now))
      guard try await result.record.counts.succeeded == 1 else { throw EngineError(.state, "the item did not succeed") }
    }
    try await engine.close()
    try FileManager.default.removeItem(atPath: state)
    return Latency(samples)
  }

  /// What the disk takes to make 4 KiB durable: three of these stand between a trigger and its first item.
  func fsyncs(_ count: Int) throws -> Latency {
    let path = "\(directory)/fsync"
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard file >= 0 else { throw EngineError(.io, "cannot write \(path)") }
    defer {
      close(file)
      unlink(path)
    }
    let block = [UInt8](repeating: 0, count: 4_096)
    var samples: [Duration] = []
    for _ in 0..<count {
      let start = ContinuousClock.now
      guard write(file, block, block.count) == block.count, fdatasync(file) == 0 else {
        throw EngineError(.io, "cannot write \(path)")
      }
      samples.append(start.duration(to: .now))
    }
    return Latency(samples)
  }
}
