import Foundation

/// Another program, run to its end.
enum Program {
  struct Failed: Error {
    let status: Int32
    let words: String
  }

  static let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../../..").standardized.path

  /// What it prints. Throws `Failed`.
  @discardableResult
  static func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let words = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(status: process.terminationStatus, words: words) }
    return words
  }

  /// A Python that has DuckDB: `make rollups-oracle` installs it.
  static let oraclePython = "\(root)/.bench/venv-rollups/bin/python"
}
