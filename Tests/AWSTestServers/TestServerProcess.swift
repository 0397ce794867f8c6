import Foundation

/// A server of `etc/test-servers`, as long as this process lives: the script ends when its standard input does, so even a test
/// run that crashes leaves nothing behind.
package final class TestServerProcess: Sendable {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// What the script said after `ready`.
  package let words: [String]
  private let input: FileHandle

  /// Runs a script and waits for its `ready`. Throws `Failure` with what it said instead.
  package init(script: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let process = Process()
    process.executableURL = root.appendingPathComponent("etc/test-servers/\(script)")
    let (input, output, errors) = (Pipe(), Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    self.input = input.fileHandleForWriting
    var line: [UInt8] = []
    while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") { line.append(byte) }
    let words = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
    guard words.first == "ready" else {
      let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      throw Failure(description: "\(script) did not start; etc/test-servers/setup.sh installs what it needs. It said: \(said)")
    }
    self.words = Array(words.dropFirst())
  }
}

/// Ceph's S3, one for all tests of this process. Some 15 seconds to start.
package enum CephServer {
  package struct Access: Sendable {
    package let endpoint: String
    package let accessKeyID: String
    package let secretAccessKey: String
    let process: TestServerProcess
  }

  private static let started = Result<Access, any Error> {
    let process = try TestServerProcess(script: "s3-ceph.sh")
    return Access(
      endpoint: process.words[0], accessKeyID: process.words[1], secretAccessKey: process.words[2], process: process)
  }

  package static func access() throws -> Access { try started.get() }
}

/// moto's Lambda and CloudWatch, one for all tests of this process. It keeps what tests make: use names of your own.
package enum MotoServer {
  private static let started = Result<TestServerProcess, any Error> { try TestServerProcess(script: "moto.sh") }

  package static func endpoint() throws -> String { try started.get().words[0] }
}
