import Foundation
import JobModel
import Store
import StoreConformance
import Testing

/// kill -9 while transactions are being committed: what was acknowledged is there, once.
@Suite struct CrashTests {
  @Test func acknowledgedWritesOutliveTheProcess() async throws {
    let directory = try TemporaryDirectory()
    let seed = UInt64.random(in: 0..<1_000_000)
    var random = SplitMix(seed: seed)
    var acknowledged = 0
    for round in 0..<20 {
      let lines = try kill(directory, round: round, afterLines: Int.random(in: 1..<120, using: &random))
      acknowledged += lines.count
      let store = try directory.open()
      try await check(lines, in: store)
      try await store.close()
    }
    #expect(acknowledged > 200, "seed \(seed): too little was written for the test to mean anything")
    let store = try directory.open()
    #expect(try await store.integrityCheck())
    try await store.close()
  }

  /// Runs the writer until it has acknowledged some writes, kills it, and returns all the lines it said.
  private func kill(_ directory: TemporaryDirectory, round: Int, afterLines count: Int) throws -> [Substring] {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: Self.crasher)
    process.arguments = [directory.state, "round-\(round)"]
    process.standardOutput = output
    try process.run()
    var said = Data()
    var isKilled = false
    while true {
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { break }
      said += data
      if !isKilled && said.count(where: { $0 == UInt8(ascii: "\n") }) >= count {
        Glibc.kill(process.processIdentifier, SIGKILL)
        isKilled = true
      }
    }
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal, "the writer ended by itself")
    return String(decoding: said, as: UTF8.self).split(separator: "\n")
  }

  private func check(_ lines: [Substring], in store: SQLiteStore) async throws {
    var items: [Int64: [Int: ItemState]] = [:]
    for line in lines {
      let words = line.split(separator: " ")
      let numbers = words.dropFirst().compactMap { Int($0) }
      try #require(numbers.count == 3, "a torn line: \(line)")
      let run = RunNumber(raw: Int64(numbers[0]))
      if items[run.raw] == nil { items[run.raw] = try await states(of: run, in: store) }
      for place in numbers[1]..<(numbers[1] + numbers[2]) {
        let state = items[run.raw]?[place]
        #expect(state != nil, "\(line): item \(place) is lost")
        if words[0] == "recorded" { #expect(state == .succeeded, "\(line): the outcome of item \(place) is lost") }
      }
    }
    for (raw, found) in items {
      let run = RunNumber(raw: raw)
      let kept = try #require(try await store.run(run)).counts
      #expect(kept.total == found.count)
      #expect(kept.succeeded == found.values.count { $0 == .succeeded })
      #expect(found.count % 50 == 0, "half of a batch is there")
    }
  }

  private func states(of run: RunNumber, in store: SQLiteStore) async throws -> [Int: ItemState] {
    var states: [Int: ItemState] = [:]
    var after: ItemID?
    while true {
      let page = try await store.items(ItemQuery(run: run, after: after, limit: 10_000))
      for item in page {
        #expect(states.updateValue(item.state, forKey: item.id.place) == nil, "item \(item.id.place) is there twice")
      }
      guard let last = page.last else { return states }
      after = last.id
    }
  }

  /// Built beside the tests.
  static let crasher = Bundle.main.bundleURL.path + "/store-crasher"
}
