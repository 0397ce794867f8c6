import JobModel
import Store

#if canImport(Glibc)
  import Glibc
#endif

/// Writes to a store until it is killed, and says on stdout what was acknowledged, one line each:
///
///     inserted RUN PLACE COUNT
///     recorded RUN PLACE COUNT
///
/// Several tasks write at once, so that transactions are shared. For the store's crash test.
@main
enum StoreCrasher {
  static func main() async throws {
    let store = try SQLiteStore.open(directory: CommandLine.arguments[1], mode: .engine)
    let name = CommandLine.arguments[2]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask { try await write(to: store, run: "\(name)-\(writer)") }
      }
      try await group.waitForAll()
    }
  }

  private static func write(to store: SQLiteStore, run id: String) async throws {
    let run = try await store.createRun(
      NewRun(
        id: RunID(id), job: JobDefinition(name: "crash", plugin: "none"), trigger: .manual, createdAt: .systemNow())
    ).number
    var named = 0
    while true {
      var items = NewItems()
      for _ in 0..<50 {
        named += 1
        let key = Array("key-\(named)".utf8)
        items.entries.append(
          NewItems.Entry(
            priority: 0, key: ByteRange(offset: items.bytes.count, count: key.count),
            payload: ByteRange(offset: items.bytes.count, count: key.count)))
        items.bytes += key
      }
      let receipt = try await store.insert(items, into: run, options: InsertOptions(at: .systemNow()))
      guard let first = receipt.firstID else { return }
      say("inserted \(run.raw) \(first.place) \(receipt.inserted)\n")
      var outcomes = RecordedOutcomes(run: run, at: .systemNow())
      for place in first.place..<(first.place + receipt.inserted) {
        outcomes.entries.append(
          RecordedOutcomes.Entry(
            item: ItemID(run: run, place: place), expectedAttempts: 0, state: .succeeded, attempts: 1, deaths: 0,
            dueAt: nil, cause: nil, startedAt: .systemNow(), durationMicroseconds: 1, workerPID: 1, reason: .empty,
            output: .empty, effect: .empty))
      }
      let recorded = try await store.record(outcomes).recorded
      say("recorded \(run.raw) \(first.place) \(recorded)\n")
    }
  }

  /// One write(2) a line: whole lines, however many tasks speak.
  private static func say(_ line: String) {
    let bytes = Array(line.utf8)
    _ = Glibc.write(1, bytes, bytes.count)
  }
}
