import Engine
import Foundation
import JobModel

/// An engine, a dispatcher and a scheduler with nothing to do.
enum IdleScheduler {
  static func serve(directory: String, schedules: Int) async throws {
    let engine = try await Engine.open(EnginePaths(state: directory, host: "/bin/false", plugins: []))
    let dispatcher = RunDispatcher(engine: engine)
    let scheduler = Scheduler(store: engine.store, dispatcher: dispatcher)
    try await scheduler.begin(jobs(schedules))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await dispatcher.run() }
      group.addTask { try await scheduler.run() }
      FileHandle.standardOutput.write(Data("ready\n".utf8))
      await endOfInput()
      await dispatcher.drain(grace: .zero)
      group.cancelAll()
      try await group.waitForAll()
    }
    try await engine.close()
  }

  /// A job each, all different, in seven zones, and none due in the next weeks.
  static func jobs(_ count: Int) -> [JobDefinition] {
    let zones = [
      "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago", "Asia/Tokyo",
    ]
    let month = Timestamp.systemNow().civilUTC.month
    return (0..<count).map { index in
      var job = JobDefinition(name: "job-\(index)", plugin: "command")
      job.config = .object(["argv": .array([.string("/usr/bin/true"), .string("\(index)")])])
      let (minute, hour, day) = (index % 60, index / 60 % 24, index / 1_440 % 28 + 1)
      let months = (0..<2).map { (month + 1 + (index / 40_320 + $0 * 3) % 9) % 12 + 1 }.sorted()
      job.schedules = [
        ScheduleSpec(
          name: "s",
          expressions: ["\(minute) \(hour) \(day) \(Set(months).sorted().map(String.init).joined(separator: ",")) *"],
          zone: zones[index % zones.count])
      ]
      return job
    }
  }

  private static func endOfInput() async {
    await withCheckedContinuation { continuation in
      FileHandle.standardInput.readabilityHandler = { handle in
        guard handle.availableData.isEmpty else { return }
        handle.readabilityHandler = nil
        continuation.resume()
      }
    }
  }
}
