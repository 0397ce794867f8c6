import Engine
import Foundation
import JobModel
import Store
import Testing

/// A state directory, an engine on it, and jobs that wait little.
struct Bench: ~Copyable {
  let state: String
  var paths: EnginePaths

  init() {
    state = NSTemporaryDirectory() + "carillon-engine-\(UUID().uuidString)"
    paths = EnginePaths(state: state, host: Installation.host, plugins: [Installation.plugins])
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: state) } catch { print("left behind: \(state)") }
  }

  static func job(_ plugin: String, _ config: [String: JSONValue]) -> JobDefinition {
    var job = JobDefinition(name: "job", plugin: plugin)
    job.config = .object(config)
    job.retry.base = .milliseconds(5)
    job.retry.maxAttempts = 3
    job.timeouts.cancelGrace = .milliseconds(300)
    job.breaker.cooldown = .milliseconds(50)
    job.workers = 1
    return job
  }

  static func scripted(_ lines: String...) -> JobDefinition {
    job("scripted", ["script": .string(lines.joined(separator: "\n"))])
  }

  static func misbehaving(
    _ items: Int, _ faults: [[String: JSONValue]], serial: Bool = false, more: [String: JSONValue] = [:]
  ) -> JobDefinition {
    var config: [String: JSONValue] = ["items": .int(Int64(items)), "faults": .array(faults.map { .object($0) })]
    config.merge(more) { $1 }
    return job(serial ? "misbehaving-serial" : "misbehaving", config)
  }

  /// Runs the job on a fresh engine and hands over what came of it.
  func run(
    _ job: JobDefinition, _ options: RunOptions = RunOptions(),
    _ look: (RunResult, SQLiteStore) async throws -> Void
  ) async throws {
    let engine = try await Engine.open(paths)
    let result = try await engine.begin(job, options).drive()
    try await look(result, engine.store)
    try await engine.close()
  }
}

extension Store {
  func states(_ run: RunNumber) async throws -> [String: ItemState] {
    let items = try await items(ItemQuery(run: run, limit: 10_000))
    return Dictionary(uniqueKeysWithValues: items.map { ($0.key, $0.state) })
  }
}
