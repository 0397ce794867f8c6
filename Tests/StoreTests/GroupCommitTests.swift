import GRDB
import JobModel
import StoreConformance
import Testing

@testable import Store

@Suite struct GroupCommitTests {
  /// Requests that come while a transaction is made durable share the next one.
  @Test func callsThatComeTogetherShareACommit() async throws {
    let directory = try TemporaryDirectory()
    let store = try directory.open()
    let fixture = Fixture(store)
    let run = try await fixture.makeRun()
    let before = store.statistics()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<500 { group.addTask { try await fixture.insert(["k\(writer)"], into: run) } }
      try await group.waitForAll()
    }
    let after = store.statistics()
    #expect(after.rows - before.rows == 3 * 500, "the item, and the run's place and counts")
    #expect(after.commits - before.commits < 250, "commits for 500 calls")
    #expect(after.commits - before.commits >= 500 / 64)
    #expect(after.commitQuantile(0.5) > .zero)
    try await store.close()
  }

  /// One that fails of itself leaves the others in its transaction standing, each exactly once.
  @Test func aFailingCallFailsAlone() async throws {
    let directory = try TemporaryDirectory()
    let store = try directory.open()
    let run = try await Fixture(store).makeRun()
    let results = await withTaskGroup(of: StoreError.Code?.self) { group in
      for index in 0..<200 {
        group.addTask {
          do throws(StoreError) {
            try await store.writer.write("testing") { context in
              try context.db.execute(
                sql: "INSERT INTO event (run, type, json, created_us) VALUES (?, ?, '', 0)",
                arguments: [run.raw, "e\(index)"])
              if index % 7 == 0 { throw StoreError(.conflict, "on purpose") }
            }
            return nil
          } catch {
            return error.code
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count { $0 == .conflict } == 29)
    #expect(results.count { $0 == nil } == 171)
    let types = try await store.events(run: run, after: 0, limit: 1_000).map(\.type)
    #expect(types.count == 171)
    #expect(Set(types).count == 171)
    try await store.close()
  }

  /// Callers that wait when the store closes get their result, or a refusal; none is left waiting.
  @Test func closingEndsWhatWaits() async throws {
    let directory = try TemporaryDirectory()
    let store = try directory.open()
    let run = try await Fixture(store).makeRun()
    try await withThrowingTaskGroup(of: Int.self) { group in
      for writer in 0..<100 {
        group.addTask {
          do {
            return try await Fixture(store).insert(["k\(writer)"], into: run).inserted
          } catch let error as StoreError where error.code == .unavailable {
            return 0
          }
        }
      }
      group.addTask {
        try await store.close()
        return 0
      }
      let inserted = try await group.reduce(0, +)
      let again = try directory.open()
      #expect(try await again.countItems(run: run).available == inserted)
      try await again.close()
    }
  }
}
