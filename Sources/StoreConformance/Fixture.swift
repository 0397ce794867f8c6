package import JobModel
package import Store

/// Short ways to bring a store into a state and to look at it.
package struct Fixture: Sendable {
  package let store: any Store

  package init(_ store: any Store) { self.store = store }

  /// Seconds after the suite's own beginning of time.
  package static func at(_ seconds: Int) -> Timestamp {
    Timestamp(microseconds: 1_795_000_000_000_000 + Int64(seconds) * 1_000_000)
  }

  package static func job(_ name: String = "job", uniqueFor period: Duration? = nil) -> JobDefinition {
    var job = JobDefinition(name: name, plugin: "plugin")
    job.unique = period.map(UniquePolicy.init(period:))
    return job
  }

  package func makeRun(
    _ id: String = "20261123T074512-aaaaaa", job: JobDefinition = Fixture.job(), at: Timestamp = Fixture.at(0)
  ) async throws -> RunNumber {
    try await store.createRun(NewRun(id: RunID(id), job: job, trigger: .manual, createdAt: at)).number
  }

  package func run(_ number: RunNumber) async throws -> RunRecord {
    try require(try await store.run(number), "run \(number.raw)")
  }

  /// Items with the payload "<key>!" and the priority that stands with the key.
  package static func items(_ keys: [(key: String, priority: Int32)]) -> NewItems {
    var items = NewItems()
    for (key, priority) in keys {
      let start = items.bytes.count
      items.bytes.append(contentsOf: Array(key.utf8))
      let middle = items.bytes.count
      items.bytes.append(contentsOf: Array("\(key)!".utf8))
      items.entries.append(
        NewItems.Entry(
          priority: priority, key: ByteRange(offset: start, count: middle - start),
          payload: ByteRange(offset: middle, count: items.bytes.count - middle)))
    }
    return items
  }

  @discardableResult
  package func insert(
    _ keys: [String], into run: RunNumber, options: InsertOptions = InsertOptions(at: Fixture.at(1))
  ) async throws -> InsertReceipt {
    try await store.insert(Self.items(keys.map { ($0, 0) }), into: run, options: options)
  }

  /// The available items of priority 0.
  package func ready(_ run: RunNumber, limit: Int = 10_000) async throws -> ReadyItems {
    try await store.ready(
      ReadyQuery(run: run, lane: .normal, after: ItemID(run: run, place: 0), limit: limit, maxBytes: .max))
  }

  package func detail(_ run: RunNumber, _ key: String) async throws -> ItemDetail {
    try require(try await store.item(run: run, key: key), "item \(key)")
  }

  package func item(_ run: RunNumber, _ key: String) async throws -> ItemRecord {
    try await detail(run, key).item
  }

  /// Every item of the run.
  package func items(_ run: RunNumber, states: [ItemState] = []) async throws -> [ItemRecord] {
    try await store.items(ItemQuery(run: run, states: states, limit: 10_000))
  }

  /// The counts kept with the run, once they have been compared with the items themselves.
  @discardableResult
  package func counts(
    _ run: RunNumber, file: String = #fileID, line: Int = #line
  ) async throws -> ItemCounts {
    let kept = try await self.run(run).counts
    let counted = try await store.countItems(run: run)
    for state in ItemState.allCases {
      try expect(kept[state], is: counted[state], "the run's count of \(state.name)", file: file, line: line)
    }
    return kept
  }

  /// Moves the run along the shortest allowed way.
  package func bring(_ run: RunNumber, to state: RunState, at: Timestamp = Fixture.at(2)) async throws {
    for (from, to) in try require(Self.way(from: try await self.run(run).state, to: state), "a way to \(state.name)") {
      try expect(try await store.moveRun(run, RunMove(from: from, to: to, at: at)), "the move to \(to.name) was refused")
    }
  }

  private static func way(from start: RunState, to goal: RunState) -> [(RunState, RunState)]? {
    var ways: [RunState: [(RunState, RunState)]] = [start: []]
    var next = [start]
    while !next.isEmpty {
      let state = next.removeFirst()
      guard let way = ways[state] else { continue }
      if state == goal { return way }
      for to in RunState.allCases where state.allows(to) && ways[to] == nil {
        ways[to] = way + [(state, to)]
        next.append(to)
      }
    }
    return nil
  }
}
