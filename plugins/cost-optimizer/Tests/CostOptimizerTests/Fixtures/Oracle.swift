import Foundation

/// A second opinion in Python: JSON in, JSON out.
enum Oracle {
  struct Failure: Error {
    let said: String
  }

  /// Which Python answers: boto3 is with the tests' servers.
  enum Python: String {
    case any = "exec python3 \"$1\""
    case ofTestServers = "exec \"$(\"$2/etc/test-servers/python.sh\")\" \"$1\""
  }

  static func ask<Answer: Decodable>(_ script: String, _ question: some Encodable, python: Python = .any) throws -> Answer {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let process = Process()
    let root = (0..<4).reduce(folder) { url, _ in url.deletingLastPathComponent() }
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", python.rawValue, "bash", folder.appendingPathComponent("Oracle/\(script)").path, root.path]
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("oracle-\(UUID().uuidString).json")
    try JSONEncoder().encode(question).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let (output, errors) = (Pipe(), Pipe())
    process.standardInput = try FileHandle(forReadingFrom: file)
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    let answer = output.fileHandleForReading.readDataToEndOfFile()
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(said: String(decoding: said, as: UTF8.self)) }
    return try JSONDecoder().decode(Answer.self, from: answer)
  }
}
