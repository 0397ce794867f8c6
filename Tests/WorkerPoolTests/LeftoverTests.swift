import Foundation
import JobModel
import Testing
import WorkerPool

/// Starting and killing leaves nothing behind: no process, no zombie, no descriptor. In a process of its own, as the other
/// tests start processes and open files too.
struct LeftoverTests {
  @Test func twoHundredWorkersLeaveNothing() async throws {
    let host = Probe.host
    await #expect(processExitsWith: .success) { [host = host as String] in
      func start() async throws -> (WorkerProcess, Recorder) {
        let recorder = Recorder()
        let process = try await WorkerProcess.start(hostPath: host, deliver: recorder.listener)
        return (process, recorder)
      }
      let (first, recorder) = try await start()  // what the runtime opens once is open now
      first.kill()
      guard await Probe.waits(until: { recorder.end != nil }) else { exit(2) }
      let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
      for round in 0..<200 {
        let (process, recorder) = try await start()
        switch round % 3 {
        case 0: process.kill()
        case 1: kill(process.pid, SIGKILL)
        default: process.send { $0.shutdown() }
        }
        guard await Probe.waits(until: { recorder.end != nil }) else { exit(3) }
      }
      // The last thread may still be on its way out; what it holds goes with it.
      let isClean = await Probe.waits {
        do {
          let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
          let children = threads.reduce(into: "") { all, thread in
            let path = "/proc/self/task/\(thread)/children"
            all += FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
          }
          return try children.isEmpty && FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count == before
        } catch {
          return false  // a thread ended while it was looked at
        }
      }
      exit(isClean ? 0 : 4)
    }
  }
}
