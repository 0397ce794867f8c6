import JobModel
import Store

extension StoreConformance {
  private static let day = 86_400

  /// A run with one succeeded, one skipped and, if wanted, one dead item, an event and an artifact; ended at a second.
  private static func ended(
    _ fixture: Fixture, _ id: String, at second: Int, withFailure: Bool = false
  ) async throws -> RunNumber {
    let run = try await fixture.makeRun(id)
    try await fixture.insert(["ok", "skip"] + (withFailure ? ["bad"] : []), into: run)
    try await fixture.record(run, "ok", .succeeded)
    try await fixture.record(run, "skip", .skipped)
    if withFailure { try await fixture.record(run, "bad", .dead) }
    try await fixture.store.addEvent(run: run, type: "t", json: "{}", at: Fixture.at(0))
    try await fixture.store.putArtifact(
      ArtifactRecord(name: "n", mediaType: "m", bytes: 1, createdAt: Fixture.at(0)), run: run)
    try await fixture.bring(run, to: withFailure ? .completedWithFailures : .succeeded, at: Fixture.at(second))
    return run
  }

  static let pruneCases: [Case] = [
    Case(name: "done items go early, runs late, failures last") { store in
      let fixture = Fixture(store)
      let clean = try await ended(fixture, "clean", at: 0)
      let failed = try await ended(fixture, "failed", at: 0, withFailure: true)
      let open = try await fixture.makeRun("open")
      try await fixture.insert(["ok"], into: open)
      try await fixture.record(open, "ok", .succeeded)
      let policy = PrunePolicy()
      func prune(day count: Int) async throws -> PruneReceipt {
        try await store.prune(policy, at: Fixture.at(count * day))
      }
      try expect(try await prune(day: 6).items, is: 0)
      try expect(try await prune(day: 7).items, is: 4)
      try expect(try await prune(day: 7).items, is: 0)
      try expect(try await fixture.items(clean).count, is: 0)
      try expect(try await fixture.items(failed).map(\.key), is: ["bad"])
      try expect(try await fixture.run(clean).counts.succeeded, is: 1, "the counts of a pruned run")
      try expect(try await prune(day: 30).removedRuns, is: [RunID("clean")])
      try expect(try await store.run(clean) == nil, "a removed run is there")
      try expect(try await store.events(run: clean, after: 0, limit: 9).count, is: 0)
      try expect(try await store.artifacts(run: clean).count, is: 0)
      try expect(try await fixture.items(failed).count, is: 1)
      let last = try await prune(day: 180)
      try expect(last.removedRuns, is: [RunID("failed")])
      try expect(last.items, is: 1)
      try expect(try await prune(day: 10_000).runs, is: 0)
      try expect(try await fixture.items(open).count, is: 1, "items of a run that has not ended")
    },
    Case(name: "one call removes what the batch allows") { store in
      let fixture = Fixture(store)
      for index in 0..<5 { _ = try await ended(fixture, "run-\(index)", at: index) }
      var policy = PrunePolicy()
      policy.batch = 2
      var removed: [RunID] = []
      while true {
        let receipt = try await store.prune(policy, at: Fixture.at(1_000 * day))
        try expect(receipt.runs <= 2, "more runs than the batch")
        removed += receipt.removedRuns
        if receipt.runs == 0 && receipt.items == 0 { break }
      }
      try expect(removed, is: (0..<5).map { RunID("run-\($0)") }, "oldest first")
    },
    Case(name: "items of a reopened run stay, and can go again") { store in
      let fixture = Fixture(store)
      let run = try await ended(fixture, "run", at: 0, withFailure: true)
      try expect(try await store.prune(PrunePolicy(), at: Fixture.at(8 * day)).items, is: 2)
      _ = try await store.retryItems(run: run, RetrySelection(at: Fixture.at(8 * day)))
      try await fixture.bring(run, to: .queued)
      try await fixture.record(run, "bad", .succeeded)
      try expect(try await store.prune(PrunePolicy(), at: Fixture.at(400 * day)).items, is: 0)
      try await fixture.bring(run, to: .succeeded, at: Fixture.at(8 * day))
      try expect(try await store.prune(PrunePolicy(), at: Fixture.at(16 * day)).items, is: 1)
      try await fixture.insert(["new"], into: run)
      try expect(try await fixture.item(run, "new").id, is: ItemID(run: run, place: 4), "a place was given twice")
    },
  ]
}
