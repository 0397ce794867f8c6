import Foundation
import Store

/// Runs the C program that shows what plain SQLite can do.
enum Ceiling {
  private struct Line: Decodable {
    var insert_per_s: Double
    var ready_per_s: Double
    var record_per_s: Double
    var end_to_end_per_s: Double
    var sqlite: String
  }

  static func measure(program: String, directory: String, count: Int, batch: Int) throws -> Rates {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [String(count), String(batch), directory]
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw StoreError(.io, "\(program) failed") }
    let line = try JSONDecoder().decode(Line.self, from: data)
    return Rates(
      insert: line.insert_per_s, ready: line.ready_per_s, record: line.record_per_s, endToEnd: line.end_to_end_per_s,
      note: "(SQLite \(line.sqlite))")
  }
}
