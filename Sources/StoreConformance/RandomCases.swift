import JobModel
package import Store

extension StoreConformance {
  static let randomCases: [Case] = [
    Case(name: "random operations agree with the obvious model") { store in
      let seed = UInt64.random(in: 0..<1_000_000)
      do {
        try await checkRandomOperations(store, seed: seed, steps: 400)
      } catch {
        throw Failure(description: "seed \(seed): \(error)")
      }
    }
  ]

  /// Does the same to the store and to the model, and compares all items after each step.
  package static func checkRandomOperations(_ store: any Store, seed: UInt64, steps: Int) async throws {
    var random = SplitMix(seed: seed)
    let fixture = Fixture(store)
    let run = try await fixture.makeRun()
    var model = ItemModel(run: run)
    for step in 0..<steps {
      let what = try await doOne(step, store: fixture, model: &model, using: &random)
      let items = try await fixture.items(run)
      let found = items.map(ItemModel.Item.init)
      try expect(found, is: model.items, "step \(step), \(what)")
      let counts = try await fixture.counts(run)
      try expect(counts.duplicateKeys, is: model.duplicateKeys, "step \(step), \(what)")
      try expect(counts.staleOutcomes, is: model.staleOutcomes, "step \(step), \(what)")
      let key = model.items.randomElement(using: &random)?.key
      if let key {
        let ordinals = try await fixture.detail(run, key).attempts.map(\.ordinal)
        try expect(ordinals.count, is: model.tries[key, default: 0], "step \(step), \(what): tries of \(key)")
      }
    }
  }

  private static func doOne(
    _ step: Int, store fixture: Fixture, model: inout ItemModel, using random: inout SplitMix
  ) async throws -> String {
    let (store, run, now) = (fixture.store, model.run, Fixture.at(step))
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<4:
      let keys = (0..<Int.random(in: 0..<6, using: &random)).map { _ in
        ("k\(Int.random(in: 0..<60, using: &random))", Int32.random(in: -1...1, using: &random))
      }
      let receipt = try await store.insert(Fixture.items(keys), into: run, options: InsertOptions(at: now))
      try expect(receipt.inserted, is: model.insert(keys), "inserted")
      return "insert \(keys)"
    case 4..<16:
      var batch = OutcomeBatch(run, at: now)
      var expected = (recorded: 0, stale: [ItemID]())
      for _ in 0..<Int.random(in: 1..<5, using: &random) {
        guard let item = model.items.randomElement(using: &random) else { break }
        let states: [ItemState] = [.succeeded, .skipped, .retrying, .retrying, .dead, .poisoned, .cancelled, .available]
        let state = states.randomElement(using: &random) ?? .succeeded
        let believed = Int.random(in: 0..<8, using: &random) == 0 ? item.attempts + 1 : item.attempts
        let charges = state == .available ? 0 : Int.random(in: 0...1, using: &random)
        let due = state == .retrying ? Fixture.at(step + Int.random(in: 0..<20, using: &random)) : nil
        let cause: RetryCause? = state == .retrying ? .item : nil
        batch.add(item.id, state, expected: believed, charges: charges, dueAt: due, cause: cause)
        if model.record(item.id, state, expected: believed, charges: charges, dueAt: due) {
          expected.recorded += 1
        } else {
          expected.stale.append(item.id)
        }
      }
      let receipt = try await store.record(batch.outcomes)
      try expect(receipt.recorded, is: expected.recorded, "recorded")
      try expect(receipt.stale, is: expected.stale, "stale")
      return "record \(batch.outcomes.entries.map { "\($0.item.place) \($0.state.name)" })"
    case 16..<18:
      let limit = Int.random(in: 1..<5, using: &random)
      let promoted = try await store.promoteDue(run: run, at: now, limit: limit)
      try expect(promoted.entries.map(\.id), is: model.promote(at: now, limit: limit), "promoted")
      return "promote \(limit)"
    case 18 where step % 5 == 0:
      try expect(try await store.cancelItems(run: run, at: now), is: model.cancel(), "cancelled")
      return "cancel"
    default:
      try expect(try await store.retryItems(run: run, RetrySelection(at: now)), is: model.retry(), "retried")
      return "retry"
    }
  }
}

/// Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014: small, and the same everywhere.
package struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
