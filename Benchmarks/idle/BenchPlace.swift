import Foundation

/// The folders of a measurement, and how `carillon` is started in them.
struct BenchPlace {
  /// Made anew by `clear`.
  let directory: String
  /// Where `carillon` is.
  let products: String
  /// Folders, separated by colons.
  let plugins: String

  var jobs: String { "\(directory)/jobs" }
  var state: String { "\(directory)/state" }

  /// Empty folders.
  func clear() throws {
    if FileManager.default.fileExists(atPath: directory) { try FileManager.default.removeItem(atPath: directory) }
    try FileManager.default.createDirectory(atPath: jobs, withIntermediateDirectories: true)
  }

  func remove() throws { try FileManager.default.removeItem(atPath: directory) }

  func write(job name: String, _ yaml: String) throws {
    try "name: \(name)\n\(yaml)".write(toFile: "\(jobs)/\(name).yaml", atomically: false, encoding: .utf8)
  }

  /// A job each, all different, in seven zones, and none due in the next weeks.
  func writeIdleJobs(_ count: Int) throws {
    let zones = [
      "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago", "Asia/Tokyo",
    ]
    let month = Calendar(identifier: .gregorian).component(.month, from: Date())
    for index in 0..<count {
      let (minute, hour, day) = (index % 60, index / 60 % 24, index / 1_440 % 28 + 1)
      let months = (0..<2).map { (month + 1 + (index / 40_320 + $0 * 3) % 9) % 12 + 1 }.sorted()
      try write(
        job: "job-\(index)",
        """
        plugin: command
        config: {command: [/usr/bin/true, '\(index)']}
        schedules: [{cron: '\(minute) \(hour) \(day) \(months.map(String.init).joined(separator: ",")) *', zone: \(zones[index % 7])}]

        """)
    }
  }

  /// A process of `carillon`, not yet started.
  func carillon(_ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(products)/carillon")
    process.arguments =
      arguments + ["--state-dir", state, "--jobs-dir", jobs]
      + plugins.split(separator: ":").flatMap { ["--plugins-dir", String($0)] }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    return process
  }

  /// Starts the daemon and waits for its READY. Returns how long that took, in milliseconds.
  func startDaemon() throws -> (daemon: Process, readyAfter: Double) {
    let socket = try NotifySocket("\(directory)/notify")
    let process = carillon(["daemon"])
    process.environment = ProcessInfo.processInfo.environment.merging(["NOTIFY_SOCKET": socket.path]) { $1 }
    process.standardError = try errorFile()
    let begin = ContinuousClock.now
    try process.run()
    do { try socket.awaitReady() } catch {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      throw error
    }
    let duration = begin.duration(to: .now)
    return (process, Double(duration.components.attoseconds) / 1e15 + Double(duration.components.seconds) * 1e3)
  }

  /// Has it drain.
  func end(_ daemon: Process) throws {
    daemon.terminate()
    daemon.waitUntilExit()
    guard daemon.terminationStatus == 0 else { throw BenchError("the daemon ended with \(daemon.terminationStatus)") }
  }

  private func errorFile() throws -> FileHandle {
    let path = "\(directory)/errors.txt"
    guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path) else {
      throw BenchError("cannot write \(path)")
    }
    return file
  }
}

struct BenchError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
