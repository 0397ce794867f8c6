import Foundation

/// From the start of the daemon's process to its READY.
struct StartBench {
  let place: BenchPlace

  /// Milliseconds, of several starts.
  func measure(jobs: Int, items: Int) async throws -> [Double] {
    try place.clear()
    try place.write(job: "past", "plugin: noop\nconfig: {count: \(items)}\n")
    let run = place.carillon(["run", "past"])
    run.standardError = FileHandle.nullDevice
    try run.run()
    run.waitUntilExit()
    guard run.terminationStatus == 0 else { throw BenchError("the run of a million items ended with \(run.terminationStatus)") }
    try place.writeIdleJobs(jobs)
    var samples: [Double] = []
    for _ in 0..<8 {
      let (daemon, milliseconds) = try place.startDaemon()
      samples.append(milliseconds)
      try place.end(daemon)
    }
    try place.remove()
    return Array(samples.dropFirst())  // the first one put the schedules into the store
  }
}
