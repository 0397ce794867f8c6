import Foundation
import JobModel
import Store

/// One run's items through the store, phase by phase, one batch at a time as in the ceiling.
struct StoreRun {
  let directory: String
  let count: Int
  let batch: Int

  func measure() async throws -> Rates {
    if FileManager.default.fileExists(atPath: directory) { try FileManager.default.removeItem(atPath: directory) }
    let store = try SQLiteStore.open(directory: directory, mode: .engine)
    let run = try await store.createRun(
      NewRun(
        id: RunID("bench"), job: JobDefinition(name: "bench", plugin: "bench"), trigger: .manual,
        createdAt: .systemNow()))
    let clock = ContinuousClock()

    let insert = try await clock.measure {
      for start in stride(from: 0, to: count, by: batch) {
        let items = Self.items(from: start, to: min(start + batch, count))
        _ = try await store.insert(items, into: run.number, options: InsertOptions(at: .systemNow()))
      }
    }
    var ready = Duration.zero
    var record = Duration.zero
    var after = ItemID(run: run.number, place: 0)
    var recorded = 0
    while true {
      var items = ReadyItems()
      ready += try await clock.measure {
        items = try await store.ready(
          ReadyQuery(run: run.number, lane: .normal, after: after, limit: batch, maxBytes: .max))
      }
      guard let last = items.entries.last else { break }
      after = last.id
      record += try await clock.measure {
        recorded += try await store.record(Self.outcomes(of: items, run: run.number)).recorded
      }
    }
    let statistics = store.statistics()
    try await store.close()
    try FileManager.default.removeItem(atPath: directory)
    guard recorded == count else { throw StoreError(.io, "recorded \(recorded) of \(count) items") }
    func rate(_ duration: Duration) -> Double { Double(count) / duration.inSeconds }
    return Rates(
      insert: rate(insert), ready: rate(ready), record: rate(record), endToEnd: rate(insert + ready + record),
      note: "(\(count) items, batches of \(batch), \(statistics.commits) commits, "
        + "wal_peak \(statistics.walPeakBytes >> 20) MiB)")
  }

  private static func items(from start: Int, to end: Int) -> NewItems {
    var items = NewItems()
    items.bytes.reserveCapacity((end - start) * 150)
    items.entries.reserveCapacity(end - start)
    for number in start..<end {
      let digits = String(number)
      let keyStart = items.bytes.count
      items.bytes.append(contentsOf: "uploads/user".utf8)
      items.bytes.append(contentsOf: repeatElement(0x30, count: 8 - digits.utf8.count))
      items.bytes.append(contentsOf: digits.utf8)
      items.bytes.append(contentsOf: ".jpg".utf8)
      let payloadStart = items.bytes.count
      items.bytes.append(contentsOf: repeatElement(0x78, count: 120))
      items.entries.append(
        NewItems.Entry(
          priority: 0, key: ByteRange(offset: keyStart, count: payloadStart - keyStart),
          payload: ByteRange(offset: payloadStart, count: 120)))
    }
    return items
  }

  private static func outcomes(of items: ReadyItems, run: RunNumber) -> RecordedOutcomes {
    let now = Timestamp.systemNow()
    var outcomes = RecordedOutcomes(run: run, at: now)
    outcomes.entries.reserveCapacity(items.entries.count)
    for item in items.entries {
      outcomes.entries.append(
        RecordedOutcomes.Entry(
          item: item.id, expectedAttempts: item.attempts, state: .succeeded, attempts: item.attempts + 1, deaths: 0,
          dueAt: nil, cause: nil, startedAt: now, durationMicroseconds: 1_500, workerPID: 4_242, reason: .empty,
          output: .empty, effect: .empty))
    }
    return outcomes
  }
}
