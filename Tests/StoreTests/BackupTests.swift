import Foundation
import JobModel
import Store
import StoreConformance
import Synchronization
import Testing

/// What a backup under way has told.
private final class BackupWatch: Sendable {
  let isOver = Mutex(false)
  let shares = Mutex<[Double]>([])
}

@Suite struct BackupTests {
  /// A folder in which the copy can be opened as a store.
  private func place(_ directory: TemporaryDirectory) throws -> (folder: String, file: String) {
    let folder = directory.path + "/copy"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return (folder, folder + "/carillon.db")
  }

  @Test func aBackupWhileWritingIsOneState() async throws {
    let directory = try TemporaryDirectory()
    let store = try directory.open()
    let fixture = Fixture(store)
    let run = try await fixture.makeRun()
    for batch in 0..<20 { try await fixture.insert((0..<1_000).map { "before-\(batch)-\($0)" }, into: run) }
    let (folder, file) = try place(directory)
    let watch = BackupWatch()
    let written = try await withThrowingTaskGroup(of: Int.self) { group in
      group.addTask {
        var place = 0
        var batches = 0
        while !watch.isOver.withLock({ $0 }) {
          try await fixture.insert((0..<200).map { "during-\(batches)-\($0)" }, into: run)
          var outcomes = OutcomeBatch(run)
          for _ in 0..<100 {
            place += 1
            outcomes.add(ItemID(run: run, place: place), place % 2 == 0 ? .succeeded : .dead)
          }
          _ = try await store.record(outcomes.outcomes)
          batches += 1
        }
        return batches
      }
      group.addTask {
        defer { watch.isOver.withLock { $0 = true } }
        try await store.backup(to: file) { share in watch.shares.withLock { $0.append(share) } }
        return 0
      }
      return try await group.reduce(0, +)
    }
    try await store.close()
    let told = watch.shares.withLock { $0 }
    #expect(told.last == 1)
    #expect(told.count > 1)

    let copy = try SQLiteStore.open(directory: folder, mode: .engine)
    let counts = try await Fixture(copy).counts(run)
    #expect(counts.total >= 20_000)
    #expect(counts.total <= 20_000 + written * 200)
    #expect((counts.total - 20_000) % 200 == 0, "half of a batch is in the copy")
    #expect(counts.succeeded == counts.dead, "half of a batch of outcomes is in the copy")
    #expect(try await copy.integrityCheck())
    try await copy.close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains("partial") } == [])
  }

  @Test func anExistingFileIsLeftAlone() async throws {
    let directory = try TemporaryDirectory()
    let store = try directory.open()
    let (_, file) = try place(directory)
    try Data("precious".utf8).write(to: URL(fileURLWithPath: file))
    let error = await #expect(throws: StoreError.self) { try await store.backup(to: file) }
    #expect(error?.code == .conflict)
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == Data("precious".utf8))
    let itself = await #expect(throws: StoreError.self) {
      try await store.backup(to: directory.state + "/../state/carillon.db", overwrite: true)
    }
    #expect(itself?.code == .conflict)
    try await store.backup(to: file, overwrite: true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)).count > 4_096)
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? NSNumber
    #expect(mode?.intValue == 0o600)
    try await store.close()
  }

  @Test func aBackupThatFailsLeavesNothing() async throws {
    let directory = try TemporaryDirectory()
    let store = try directory.open()
    let missing = await #expect(throws: StoreError.self) {
      try await store.backup(to: directory.path + "/no/such/folder/copy.db")
    }
    #expect(missing?.code == .unavailable)
    let (folder, file) = try place(directory)
    let cancelled = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await store.backup(to: file)
    }
    await #expect(throws: StoreError.self) { try await cancelled.value }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    _ = try await Fixture(store).makeRun()
    try await store.backup(to: file)
    try await store.close()
  }

  @Test func closingTheStoreEndsABackup() async throws {
    let directory = try TemporaryDirectory()
    let store = try directory.open()
    let run = try await Fixture(store).makeRun()
    for batch in 0..<10 { try await Fixture(store).insert((0..<2_000).map { "\(batch)-\($0)" }, into: run) }
    let (folder, file) = try place(directory)
    let (steps, step) = AsyncStream.makeStream(of: Double.self)
    async let closing: Void = {
      for await _ in steps { break }
      try await store.close()
    }()
    let error = await #expect(throws: StoreError.self) {
      while true { try await store.backup(to: file, overwrite: true) { step.yield($0) } }
    }
    #expect(error?.code == .unavailable)
    try await closing
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains("partial") } == [])
    try await directory.open().close()
  }

  @Test func aReaderCanBackUpWithAndWithoutAnEngine() async throws {
    let directory = try TemporaryDirectory()
    let engine = try directory.open()
    let run = try await Fixture(engine).makeRun()
    try await Fixture(engine).insert(["a", "b"], into: run)
    let (folder, file) = try place(directory)
    let reader = try directory.open(.reader)
    try await reader.backup(to: file)
    try await engine.close()
    try await reader.backup(to: file, overwrite: true)
    try await reader.close()
    let copy = try SQLiteStore.open(directory: folder, mode: .engine)
    #expect(try await Fixture(copy).items(run).map(\.key) == ["a", "b"])
    try await copy.close()
  }
}
