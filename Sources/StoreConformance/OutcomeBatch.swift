package import JobModel
package import Store

/// Builds outcomes to be recorded.
package struct OutcomeBatch: Sendable {
  package private(set) var outcomes: RecordedOutcomes

  package init(_ run: RunNumber, at: Timestamp = Fixture.at(10), uniqueJob: String? = nil) {
    outcomes = RecordedOutcomes(run: run, at: at, uniqueJob: uniqueJob)
  }

  /// An outcome of the item's next attempt. `charges`: how many attempts it costs.
  package mutating func add(
    _ item: ItemID, _ state: ItemState, expected: Int = 0, charges: Int = 1, deaths: Int = 0, dueAt: Timestamp? = nil,
    cause: RetryCause? = nil, startedAt: Timestamp = Fixture.at(5), reason: String = "", output: String = "",
    effect: String = ""
  ) {
    outcomes.entries.append(
      RecordedOutcomes.Entry(
        item: item, expectedAttempts: Int32(expected), state: state, attempts: Int32(expected + charges),
        deaths: Int32(deaths), dueAt: dueAt, cause: cause, startedAt: startedAt, durationMicroseconds: 1_500,
        workerPID: 4_242, reason: keep(reason), output: keep(output), effect: keep(effect)))
  }

  package mutating func addEvent(_ item: ItemID, type: String, json: String) {
    outcomes.events.append(RecordedOutcomes.Event(item: item, type: keep(type), json: keep(json)))
  }

  private mutating func keep(_ text: String) -> ByteRange {
    let start = outcomes.bytes.count
    outcomes.bytes.append(contentsOf: Array(text.utf8))
    return ByteRange(offset: start, count: outcomes.bytes.count - start)
  }
}

extension Fixture {
  /// Records one outcome of the item of that key, which has been charged what the store says; requires that it is taken.
  package func record(
    _ run: RunNumber, _ key: String, _ state: ItemState, charges: Int = 1, dueAt: Timestamp? = nil,
    cause: RetryCause? = nil, reason: String = "", uniqueJob: String? = nil
  ) async throws {
    let item = try await item(run, key)
    var batch = OutcomeBatch(run, uniqueJob: uniqueJob)
    batch.add(item.id, state, expected: item.attempts, charges: charges, dueAt: dueAt, cause: cause, reason: reason)
    let receipt = try await store.record(batch.outcomes)
    try expect(receipt.recorded, is: 1, "recorded outcomes of \(key)")
  }

  /// Brings a fresh available item into a state, by what an engine would do.
  package func bringItem(_ run: RunNumber, _ key: String, to state: ItemState) async throws {
    switch state {
    case .available, .leased: break
    case .retrying: try await record(run, key, .retrying, dueAt: Fixture.at(100), cause: .item, reason: "later")
    case .succeeded, .skipped, .dead, .poisoned, .cancelled: try await record(run, key, state, reason: state.name)
    }
  }
}
