import JobModel
import Store

extension StoreConformance {
  static let concurrencyCases: [Case] = [
    Case(name: "a hundred writers at once, each for itself") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
        for writer in 0..<100 {
          group.addTask {
            if writer % 10 == 3 {
              try await expectError(.notFound, "writer \(writer)") {
                _ = try await fixture.insert(["lost"], into: RunNumber(raw: 1_000))
              }
              return false
            }
            let receipt = try await fixture.insert((0..<20).map { "w\(writer)-\($0)" } + ["shared"], into: run)
            let first = try require(receipt.firstID, "the first id")
            var batch = OutcomeBatch(run)
            for place in first.place..<(first.place + receipt.inserted) {
              batch.add(ItemID(run: run, place: place), .succeeded)
            }
            let recorded = try await store.record(batch.outcomes)
            try expect(recorded.recorded, is: receipt.inserted, "outcomes of writer \(writer)")
            return true
          }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      try expect(outcomes, is: 90)
      let counts = try await fixture.counts(run)
      try expect(counts.succeeded, is: 90 * 20 + 1)
      try expect(counts.duplicateKeys, is: 89)
      try expect(try await fixture.items(run).map(\.id.place), is: Array(1...(90 * 20 + 1)), "places without gaps")
    },
    Case(name: "two judges of one item: one is stale") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      try await fixture.insert((0..<50).map { "k\($0)" }, into: run)
      let recorded = try await withThrowingTaskGroup(of: Int.self) { group in
        for place in 1...50 {
          for state in [ItemState.succeeded, .dead] {
            group.addTask {
              var batch = OutcomeBatch(run)
              batch.add(ItemID(run: run, place: place), state)
              return try await store.record(batch.outcomes).recorded
            }
          }
        }
        return try await group.reduce(0, +)
      }
      try expect(recorded, is: 50)
      let counts = try await fixture.counts(run)
      try expect(counts.staleOutcomes, is: 50)
      try expect(counts.succeeded + counts.dead, is: 50)
    },
  ]
}
