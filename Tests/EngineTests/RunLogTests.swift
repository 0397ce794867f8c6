import Foundation
import JobModel
import Testing

@testable import Engine

struct RunLogTests {
  private static func line(_ number: Int, _ message: String = "word") -> LogLine {
    LogLine(
      at: Timestamp(microseconds: Int64(number)), level: "info", item: "item-\(number)", pid: 7, source: "log", message: message
    )
  }

  /// The lines of the log at `path`; none may be torn.
  private static func read(_ path: String) throws -> [LogLine] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    return try data.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(LogLine.self, from: $0) }
  }

  private static func withPath(_ body: (String) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "carillon-log-\(UUID().uuidString)"
    defer { unlink(path) }
    try body(path)
  }

  @Test func linesAreReadAsTheyWereWritten() throws {
    try Self.withPath { path in
      for round in 0..<3 {
        var log = try RunLog(path: path)
        for number in 0..<1_000 { log.append(Self.line(round * 1_000 + number, JSONTextTests.hostile[number % 20])) }
        log.flush()
        #expect(log.droppedLines == 0)
      }
      let lines = try Self.read(path)
      #expect(lines.map(\.at.microseconds) == Array(0..<3_000))
      #expect(lines[2].message == JSONTextTests.hostile[2] && lines[2].item == "item-2" && lines[2].pid == 7)
    }
  }

  @Test func aFullLogSaysSoOnceAndCountsTheRest() throws {
    try Self.withPath { path in
      var log = try RunLog(path: path, maxBytes: 10_000)
      for number in 0..<1_000 { log.append(Self.line(number)) }
      log.flush()
      let lines = try Self.read(path)
      #expect(lines.last?.message == "the log has reached its limit of 10000 bytes: what follows is not kept")
      #expect(lines.count - 1 + log.droppedLines == 1_000)
      var status = stat()
      #expect(stat(path, &status) == 0 && status.st_size < 10_400)
    }
  }

  @Test func halfALineOfADeadEngineStaysAlone() throws {
    try Self.withPath { path in
      try Data("{\"at\":1,\"lev".utf8).write(to: URL(fileURLWithPath: path))
      var log = try RunLog(path: path)
      log.append(Self.line(5))
      log.flush()
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 2)
      #expect(try JSONDecoder().decode(LogLine.self, from: Data(lines[1].utf8)).at.microseconds == 5)
    }
  }

  /// RLIMIT_FSIZE is a full disk that needs no root; it is of the whole process, hence one of its own.
  @Test func whatAFullDiskTakesIsCountedInTheLog() async {
    await #expect(processExitsWith: .success) {
      let path = NSTemporaryDirectory() + "carillon-log-\(UUID().uuidString)"
      defer { unlink(path) }
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 2_000, rlim_max: .max)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      var log = try RunLog(path: path)
      for number in 0..<100 { log.append(Self.line(number)) }
      log.flush()
      let kept = try Self.read(path)
      #expect(kept.map(\.at.microseconds) == Array(0..<Int64(kept.count)) && kept.count > 5)
      #expect(kept.count + log.droppedLines == 100)
      limit.rlim_cur = .max
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      log.append(Self.line(100))
      log.flush()
      let after = try Self.read(path)
      #expect(after.count == kept.count + 2)
      #expect(after[kept.count].message == "\(100 - kept.count) lines are missing here: File too large")
      #expect(after.last?.at.microseconds == 100)
    }
  }
}
