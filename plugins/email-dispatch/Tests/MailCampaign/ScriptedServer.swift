import Foundation

/// A server in a process of its own that says `ready …` when it listens, and ends when its standard input does.
package final class ServerProcess: Sendable {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// What it said after `ready`.
  package let words: [String]
  private let input: FileHandle
  private let process: Process

  /// Starts it and waits until it listens. Throws `Failure` with what it said instead.
  package init(_ program: String, _ arguments: [String] = []) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    let (input, output, errors) = (Pipe(), Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    self.process = process
    self.input = input.fileHandleForWriting
    var line: [UInt8] = []
    while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 { line.append(byte) }
    let words = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
    guard words.first == "ready" else {
      let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      throw Failure(description: "\(program) did not start; make test-servers installs what it needs. It said: \(said)")
    }
    self.words = Array(words.dropFirst())
  }

  /// Ends it, and waits for that.
  package func stop() throws {
    try input.close()
    process.waitUntilExit()
  }
}

/// `scripted_smtp.py` and its ledger.
package final class ScriptedServer: Sendable {
  package let port: Int
  private let ledgerPath: String
  private let process: ServerProcess

  /// `options` as the script says. Throws `ServerProcess.Failure`.
  package init(ledger: String, seed: UInt64, options: [String] = []) throws {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("scripted_smtp.py").path
    process = try ServerProcess(MailPython.path, [script, ledger, "\(seed)"] + options)
    guard let port = process.words.first.flatMap({ Int($0) }) else {
      throw ServerProcess.Failure(description: "scripted_smtp.py named no port")
    }
    self.port = port
    ledgerPath = ledger
  }

  package func stop() throws { try process.stop() }

  package func ledger() throws -> Ledger { try Ledger(path: ledgerPath) }
}

/// Postfix with TLS and SASL, one for all tests of this process.
package enum PostfixServer {
  package struct Access: Sendable {
    package let port: Int
    package let tlsPort: Int
    package let sinkPort: Int
    package let caFile: String

    /// A file for each message that it passed on.
    package let folder: String
    /// Takes XOAUTH2 with the token.
    package let oauthPort: Int
    package let token: String
    let process: ServerProcess
  }

  private static let started = Result<Access, any Error> {
    let process = try ServerProcess("\(MailPython.root)/etc/test-servers/postfix.sh")
    let words = process.words
    return Access(
      port: Int(words[0]) ?? 0, tlsPort: Int(words[1]) ?? 0, sinkPort: Int(words[2]) ?? 0, caFile: words[3], folder: words[4],
      oauthPort: Int(words[5]) ?? 0, token: words[6], process: process)
  }

  package static func access() throws -> Access { try started.get() }
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
  package static let root = URL(fileURLWithPath: #filePath).pathComponents.dropLast(5).joined(separator: "/").replacing(
    "//", with: "/")

  package static var path: String {
    let own = "\(root)/.bench/venv-mail/bin/python"
    return FileManager.default.isExecutableFile(atPath: own) ? own : "/usr/bin/python3"
  }
}
