import Foundation

/// A second opinion in Python: JSON in, JSON out.
enum Oracle {
  struct Failure: Error {
    let said: String
  }

  static func ask<Answer: Decodable>(_ script: String, _ question: some Encodable) throws -> Answer {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", folder.appendingPathComponent("Oracle/\(script)").path]
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
