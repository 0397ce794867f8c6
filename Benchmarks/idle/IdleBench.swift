import Foundation

/// Starts what is to be looked at, one after another, and looks.
struct IdleBench {
  let directory: String
  let seconds: Int

  func serve(schedules: Int) async throws -> ProcessSample {
    let state = "\(directory)/idle-\(schedules)"
    if FileManager.default.fileExists(atPath: state) { try FileManager.default.removeItem(atPath: state) }
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    // Once to fill the store, and once as a daemon that is started again.
    _ = try await look(program, ["--serve", state, "\(schedules)"], seconds: 1)
    let sample = try await look(program, ["--serve", state, "\(schedules)"], seconds: seconds)
    try FileManager.default.removeItem(atPath: state)
    return sample
  }

  /// Debian's cron with the tables that it has, and APScheduler with as many jobs.
  func peers(schedules: Int) async throws -> [String] {
    var lines: [String] = []
    let environment = ProcessInfo.processInfo.environment
    if let cron = environment["CARILLON_BENCH_CRON"] {
      lines.append("Debian's cron: \(try await look(cron, ["-f"], seconds: seconds, isReadyAtOnce: true))")
    }
    if let python = environment["CARILLON_BENCH_PYTHON"], let script = environment["CARILLON_BENCH_APSCHEDULER"] {
      for count in [0, schedules] {
        lines.append("APScheduler, \(count) jobs: \(try await look(python, [script, "\(count)"], seconds: seconds))")
      }
    }
    return lines
  }

  private func look(
    _ program: String, _ arguments: [String], seconds: Int, isReadyAtOnce: Bool = false
  ) async throws -> ProcessSample {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    if !isReadyAtOnce { _ = output.fileHandleForReading.availableData }
    try await Task.sleep(for: .seconds(seconds > 1 ? 5 : 0))  // what it does once at its beginning
    let sample = try await ProcessSample(pid: process.processIdentifier, seconds: seconds)
    try input.fileHandleForWriting.close()
    if isReadyAtOnce { process.terminate() }
    process.waitUntilExit()
    return sample
  }
}
