import Foundation
import Glibc
import Testing

/// cronsim and Python's zoneinfo, in a process of their own.
enum Oracle {
  struct Question: Encodable {
    var zone: String
    var expression: String?
    var from: Int64?
    var count: Int?
    var seconds: [Int64]?
  }

  enum Answer: Decodable {
    case numbers([Int64])
    case refused(String)

    init(from decoder: any Decoder) throws {
      if let numbers = try? decoder.singleValueContainer().decode([Int64].self) {
        self = .numbers(numbers)
      } else {
        self = .refused(try decoder.singleValueContainer().decode([String: String].self)["error"] ?? "")
      }
    }
  }

  /// The answers in the order of the questions.
  static func ask(_ questions: [Question]) throws -> [Answer] {
    let here = URL(filePath: #filePath).deletingLastPathComponent()
    let setup = try run(here.appending(path: "../../etc/cron-oracle.sh").standardizedFileURL, [], input: Data())
    try #require(setup.status == 0, "the oracle cannot be had: \(setup.errors)")
    let python = String(decoding: setup.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    var input = Data()
    for question in questions { input += try JSONEncoder().encode(question) + Data("\n".utf8) }
    let answers = try run(
      URL(filePath: python), [here.appending(path: "Oracle/cronsim_oracle.py").path], input: input)
    try #require(answers.status == 0, "the oracle failed: \(answers.errors)")
    return try answers.output.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Answer.self, from: $0) }
  }

  /// Files stand between the two, so that neither waits for the other to read.
  private static func run(_ program: URL, _ arguments: [String], input: Data) throws -> (
    status: Int32, output: Data, errors: String
  ) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "cron-oracle-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["in", "out", "errors"].map { folder.appending(path: $0) }
    try input.write(to: files[0])
    // A shell for the three files. Not Foundation's Process: its wait needs a run loop, and was seen to sleep on after the end.
    let line = [program.path] + arguments
    let script = line.map { "'\($0)'" }.joined(separator: " ") + " <'\(files[0].path)' >'\(files[1].path)' 2>'\(files[2].path)'"
    var words: [UnsafeMutablePointer<CChar>?] = ["/bin/sh", "-c", script].map { (word: String) in strdup(word) } + [nil]
    defer { words.forEach { free($0) } }
    var child = pid_t()
    try #require(posix_spawn(&child, "/bin/sh", nil, nil, &words, environ) == 0)
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    return (status, try Data(contentsOf: files[1]), try String(contentsOf: files[2], encoding: .utf8))
  }
}
