import Foundation
import GRDBSQLite

/// A thousand jobs due in the same second, again and again, their runs begun: how late each instant was taken up, by the ledger.
struct FiringBench {
  let place: BenchPlace

  struct Lateness: CustomStringConvertible {
    /// Milliseconds.
    var p50: Double
    var p99: Double
    var max: Double
    var instants: Int
    /// Seconds by upper bound, as `/metrics` tells: from an instant until its row and its run were durable.
    var durable: String

    var description: String {
      "\(instants) instants taken up after \(format(p50, 2)) ms (p50), \(format(p99, 2)) (p99), \(format(max, 2)) (max); durable: \(durable)"
    }
  }

  func measure(jobs: Int, rounds: Int) async throws -> Lateness {
    try place.clear()
    for index in 0..<jobs {
      try place.write(
        job: "job-\(index)",
        """
        plugin: noop
        config: {count: 1}
        overlap: queueAll
        schedules: [{cron: '*/15 * * * * *', fields: 6, zone: UTC}]

        """)
    }
    let (daemon, _) = try place.startDaemon()
    try await Task.sleep(for: .seconds(15 * rounds + 5))
    let durable = try durableLateness()
    try place.end(daemon)
    let sample = try ledger().sorted()
    guard sample.count >= jobs * rounds else { throw BenchError("\(sample.count) instants, not \(jobs * rounds)") }
    let result = Lateness(
      p50: sample[sample.count / 2], p99: sample[sample.count * 99 / 100], max: sample[sample.count - 1],
      instants: sample.count, durable: durable)
    try place.remove()
    return result
  }

  private func durableLateness() throws -> String {
    let curl = Process()
    curl.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
    curl.arguments = ["-sS", "--max-time", "10", "--unix-socket", "\(place.state)/carillon.sock", "http://carillon/metrics"]
    let pipe = Pipe()
    curl.standardOutput = pipe
    try curl.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    curl.waitUntilExit()
    let name = "carillon_schedule_durable_lateness_seconds_"
    return text.split(separator: "\n").filter { $0.hasPrefix(name) }.map { $0.dropFirst(name.count) }
      .filter { !$0.hasSuffix(" 0") }.joined(separator: " ")
  }

  /// Milliseconds, of every instant that was fired on time.
  private func ledger() throws -> [Double] {
    var connection: OpaquePointer?
    guard sqlite3_open_v2("\(place.state)/carillon.db", &connection, SQLITE_OPEN_READONLY, nil) == SQLITE_OK else {
      throw BenchError("the store cannot be opened")
    }
    defer { sqlite3_close(connection) }
    var statement: OpaquePointer?
    guard
      sqlite3_prepare_v2(connection, "SELECT judged_us - due_us FROM instant WHERE run IS NOT NULL", -1, &statement, nil)
        == SQLITE_OK
    else { throw BenchError("the ledger cannot be read") }
    defer { sqlite3_finalize(statement) }
    var found: [Double] = []
    while sqlite3_step(statement) == SQLITE_ROW { found.append(Double(sqlite3_column_int64(statement, 0)) / 1e3) }
    return found
  }
}
