import Foundation

/// Starts what is to be looked at, one after another, and looks.
struct IdleBench {
  let place: BenchPlace
  let seconds: Int

  func daemon(schedules: Int) async throws -> ProcessSample {
    try place.clear()
    try place.writeIdleJobs(schedules)
    // Once to fill the store, and once as a daemon that is started again.
    try place.end(try place.startDaemon().daemon)
    let (daemon, ready) = try place.startDaemon()
    say("  ready after \(format(ready)) ms")
    let sample = try await look(daemon)
    try place.end(daemon)
    try place.remove()
    return sample
  }

  /// Debian's cron with the tables that it has, and APScheduler with as many jobs.
  func peers(schedules: Int) async throws -> [String] {
    var lines: [String] = []
    let environment = ProcessInfo.processInfo.environment
    if let cron = environment["CARILLON_BENCH_CRON"] {
      let (process, _) = try start(cron, ["-f"])
      lines.append("Debian's cron: \(try await look(process))")
      // Not by TERM: a thread of Foundation's that starts a process may have it blocked, and so then has the process.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    if let python = environment["CARILLON_BENCH_PYTHON"], let script = environment["CARILLON_BENCH_APSCHEDULER"] {
      for count in [0, schedules] {
        let (process, pipes) = try start(python, [script, "\(count)"])
        _ = pipes.output.fileHandleForReading.availableData
        lines.append("APScheduler, \(count) jobs: \(try await look(process))")
        try pipes.input.fileHandleForWriting.close()
        process.waitUntilExit()
      }
    }
    return lines
  }

  private func start(_ program: String, _ arguments: [String]) throws -> (Process, (input: Pipe, output: Pipe)) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    return (process, (input, output))
  }

  private func look(_ process: Process) async throws -> ProcessSample {
    try await ProcessSample.awaitRest(of: process.processIdentifier)
    return try await ProcessSample(pid: process.processIdentifier, seconds: seconds)
  }
}
