import ControlAPI
import ControlClient
import Foundation
import Testing

/// A server of the test's own (`Peer/peer.py`) on a unix socket, until it goes out of scope.
final class Peer {
  let folder: String
  let socket: DaemonSocket
  private let process: Process

  init() async throws {
    folder = NSTemporaryDirectory() + "/carillon-peer-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    socket = DaemonSocket("\(folder)/s")
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Peer/peer.py").path
    process.arguments = ["python3", script, socket.path]
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let deadline = ContinuousClock.now + .seconds(30)
    while (try? socket.peer()) == nil {  // not up yet
      try #require(ContinuousClock.now < deadline, "the peer does not come up")
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  var pid: Int { Int(process.processIdentifier) }

  /// Kills it: the socket's file stays.
  func stop() {
    kill(process.processIdentifier, SIGKILL)
    while (try? socket.peer()) != nil {}  // the kernel closes its socket with it
  }

  deinit {
    if process.isRunning { stop() }
    do { try FileManager.default.removeItem(atPath: folder) } catch { print("\(folder) is left behind: \(error)") }
  }
}

/// The error of what must throw one.
func refusal(_ work: () async throws -> Void) async throws -> ControlError {
  do {
    try await work()
  } catch let error as ControlError {
    return error
  }
  throw ControlError(.fault, "nothing was thrown")
}
