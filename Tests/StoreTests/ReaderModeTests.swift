import JobModel
import Store
import StoreConformance
import Testing

@Suite struct ReaderModeTests {
  @Test func aReaderSeesWhatIsCommittedAndNoPartOfABatch() async throws {
    let directory = try TemporaryDirectory()
    let engine = try directory.open()
    let run = try await Fixture(engine).makeRun()
    let reader = try directory.open(.reader)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for batch in 0..<50 { try await Fixture(engine).insert((0..<100).map { "\(batch)-\($0)" }, into: run) }
      }
      group.addTask {
        var last = 0
        while last < 5_000 {
          let count = try await reader.countItems(run: run).available
          #expect(count >= last && count % 100 == 0)
          last = count
        }
      }
      try await group.waitForAll()
    }
    try await engine.close()
    #expect(try await reader.run(reference: "last").counts.available == 5_000)
    try await reader.close()
  }

  @Test func aReaderIsRefusedWhatChanges() async throws {
    let directory = try TemporaryDirectory()
    let engine = try directory.open()
    let run = try await Fixture(engine).makeRun()
    let reader = try directory.open(.reader)
    let error = await #expect(throws: StoreError.self) { try await Fixture(reader).insert(["a"], into: run) }
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("reading only") == true)
    try await reader.close()
    try await engine.close()
  }
}
