import Foundation

/// `scripted_smtp.py`, as long as this process lives: it ends when its standard input does.
package final class ScriptedServer: Sendable {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  package let port: Int
  package let ledgerPath: String
  private let input: FileHandle
  private let process: Process

  /// Starts it and waits until it listens. `options` as the script says. Throws `Failure`.
  package init(ledger: String, seed: UInt64, options: [String] = []) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: MailPython.path)
    process.arguments =
      [URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("scripted_smtp.py").path, ledger, "\(seed)"] + options
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    self.process = process
    self.input = input.fileHandleForWriting
    ledgerPath = ledger
    var line: [UInt8] = []
    while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 { line.append(byte) }
    let words = String(decoding: line, as: UTF8.self).split(separator: " ")
    guard words.first == "ready", words.count == 2, let port = Int(words[1]) else {
      throw Failure(description: "scripted_smtp.py did not start")
    }
    self.port = port
  }

  /// Ends it, and waits for that.
  package func stop() throws {
    try input.close()
    process.waitUntilExit()
  }

  package func ledger() throws -> Ledger { try Ledger(path: ledgerPath) }
}

/// What a scripted server took, as it wrote it down itself.
package struct Ledger: Sendable {
  /// How often, by address.
  package private(set) var taken: [String: Int] = [:]

  /// How often each fault was done.
  package private(set) var faults: [String: Int] = [:]

  private struct Line: Decodable {
    var took: String?
    var to: String?
    var fault: String?
  }

  package init(path: String) throws {
    let decoder = JSONDecoder()
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
      let entry = try decoder.decode(Line.self, from: Data(line.utf8))
      if entry.took != nil, let to = entry.to {
        taken[to, default: 0] += 1
      } else if let fault = entry.fault {
        faults[fault, default: 0] += 1
      }
    }
  }
}

/// The Python that has what tests need: the project's own, else the system's.
package enum MailPython {
  package static let root = URL(fileURLWithPath: #filePath).pathComponents.dropLast(5).joined(separator: "/").replacing("//", with: "/")

  package static var path: String {
    let own = "\(root)/.bench/venv-mail/bin/python"
    return FileManager.default.isExecutableFile(atPath: own) ? own : "/usr/bin/python3"
  }
}
