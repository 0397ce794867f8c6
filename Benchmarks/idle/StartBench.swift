import Engine
import Foundation
import JobModel
import Store

/// From opening the store until the scheduler has judged what went by and is armed.
struct StartBench {
  let directory: String
  let host: String
  let plugins: String

  /// Milliseconds, of several starts.
  func measure(jobs: Int, items: Int64) async throws -> [Double] {
    let state = "\(directory)/start"
    if FileManager.default.fileExists(atPath: state) { try FileManager.default.removeItem(atPath: state) }
    let paths = EnginePaths(state: state, host: host, plugins: plugins.split(separator: ":").map(String.init))
    let engine = try await Engine.open(paths)
    var past = JobDefinition(name: "past", plugin: "noop")
    past.config = .object(["count": .int(items)])
    let result = try await engine.begin(past, RunOptions()).drive()
    guard result.record.counts.succeeded == Int(items) else { throw EngineError(.state, "the items did not succeed") }
    try await engine.close()
    var samples: [Double] = []
    let definitions = IdleScheduler.jobs(jobs)
    for _ in 0..<6 {
      let start = ContinuousClock.now
      let engine = try await Engine.open(paths)
      let scheduler = Scheduler(store: engine.store, dispatcher: RunDispatcher(engine: engine))
      try await scheduler.begin(definitions)
      samples.append(start.duration(to: .now).inSeconds * 1_000)
      try await engine.close()
    }
    try FileManager.default.removeItem(atPath: state)
    return Array(samples.dropFirst())  // the first one put the schedules into the store
  }
}
