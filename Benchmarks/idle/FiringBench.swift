import Engine
import Foundation
import JobModel

/// A thousand jobs due in the same second, again and again: how late the scheduler took them up, and when their runs were durable.
/// The runs wait and do not begin: what they would take from the machine is not the scheduler's.
struct FiringBench {
  let directory: String

  /// Milliseconds. All jobs of a second share their lateness, so the 99th of a hundred seconds is the worst of them.
  struct Lateness: CustomStringConvertible {
    var takenUpP99: Double
    var takenUpMean: Double
    var durableP99: Double
    var durableMean: Double

    var description: String {
      "taken up after \(format(takenUpMean, 2)) ms (p99 \(format(takenUpP99, 2))), "
        + "durable after \(format(durableMean, 2)) ms (p99 \(format(durableP99, 2)))"
    }
  }

  func measure(jobs: Int, rounds: Int) async throws -> Lateness {
    let state = "\(directory)/firing"
    if FileManager.default.fileExists(atPath: state) { try FileManager.default.removeItem(atPath: state) }
    let engine = try await Engine.open(EnginePaths(state: state, host: "/bin/false", plugins: []))
    let scheduler = Scheduler(store: engine.store, dispatcher: RunDispatcher(engine: engine))
    let definitions = (0..<jobs).map { index in
      var job = JobDefinition(name: "job-\(index)", plugin: "command")
      job.config = .object(["argv": .array([.string("/usr/bin/true"), .string("\(index)")])])
      job.schedules = [ScheduleSpec(name: "s", expressions: ["@every 2s"])]
      job.overlap = .queueAll
      return job
    }
    try await scheduler.begin(definitions)
    let before = (scheduler.heartbeat.lateness.count, scheduler.heartbeat.durableLateness.count)
    precondition(before.0 <= jobs)
    await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await scheduler.run() }
      do { try await Task.sleep(for: .seconds(2 * rounds + 1)) } catch {}
      group.cancelAll()
    }
    let (taken, durable) = (scheduler.heartbeat.lateness, scheduler.heartbeat.durableLateness)
    try await engine.close()
    try FileManager.default.removeItem(atPath: state)
    return Lateness(
      takenUpP99: taken.max * 1_000, takenUpMean: taken.sum / Double(taken.count) * 1_000, durableP99: durable.max * 1_000,
      durableMean: durable.sum / Double(durable.count) * 1_000)
  }
}
