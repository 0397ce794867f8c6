import Foundation
import GRDB
import JobModel
import Testing

@testable import Store

/// Which files are taken for a store, and how older ones are brought up to date.
@Suite struct FileFormatTests {
  private func change(_ directory: TemporaryDirectory, _ sql: String) throws {
    try FileManager.default.createDirectory(atPath: directory.state, withIntermediateDirectories: true)
    let queue = try DatabaseQueue(path: directory.database)
    try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
    try queue.close()
  }

  private func value(_ directory: TemporaryDirectory, _ sql: String) throws -> String? {
    let queue = try DatabaseQueue(path: directory.database)
    defer { #expect(throws: Never.self) { try queue.close() } }
    return try queue.read { try String.fetchOne($0, sql: sql) }
  }

  @Test func aNewerFileIsRefusedWithBothVersions() async throws {
    let directory = try TemporaryDirectory()
    try await directory.open().close()
    try change(directory, "PRAGMA user_version = 1000")
    for mode in [SQLiteStore.Mode.engine, .reader] {
      let error = try #require(throws: StoreError.self) { _ = try directory.open(mode) }
      #expect(error.code == .tooNew)
      #expect(error.message.contains("1000"))
      #expect(error.message.contains(" \(Schema.steps.count)."))
    }
  }

  @Test(arguments: ["CREATE TABLE other (a)", "PRAGMA application_id = 7", "PRAGMA user_version = 3"])
  func anotherProgramsFileIsLeftAlone(sql: String) throws {
    let directory = try TemporaryDirectory()
    try change(directory, sql)
    let before = try Data(contentsOf: URL(fileURLWithPath: directory.database))
    for mode in [SQLiteStore.Mode.engine, .reader] {
      let error = try #require(throws: StoreError.self) { _ = try directory.open(mode) }
      #expect(error.code == .damaged)
      #expect(error.message.contains("not a Carillon store"))
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: directory.database)) == before)
  }

  @Test func anEmptyFileBecomesAStore() async throws {
    let directory = try TemporaryDirectory()
    try change(directory, "")
    try await directory.open().close()
    #expect(try value(directory, "PRAGMA application_id") == String(Schema.applicationID))
    #expect(try value(directory, "PRAGMA user_version") == String(Schema.steps.count))
  }

  @Test func aStepThatFailsLeavesTheFileAsItWas() async throws {
    let directory = try TemporaryDirectory()
    try await directory.open().close()
    let broken = Schema.steps + ["CREATE TABLE extra (a)", "CREATE TABLE more (a); CREATE TABLE more (a)"]
    #expect(throws: StoreError.self) { _ = try SQLiteStore.open(directory: directory.state, steps: broken) }
    #expect(try value(directory, "PRAGMA user_version") == String(Schema.steps.count + 1))
    #expect(try value(directory, "SELECT count(*) FROM sqlite_schema WHERE name = 'extra'") == "1")
    #expect(try value(directory, "SELECT count(*) FROM sqlite_schema WHERE name = 'more'") == "0")
  }

  @Test func eachStepRunsOnceAndRowsStay() async throws {
    let directory = try TemporaryDirectory()
    let first = try directory.open()
    let run = try await first.createRun(
      NewRun(id: RunID("old"), job: JobDefinition(name: "j", plugin: "p"), trigger: .manual, createdAt: .systemNow()))
    try await first.close()
    let steps = Schema.steps + ["ALTER TABLE run ADD COLUMN note TEXT NOT NULL DEFAULT 'n'"]
    for _ in 0..<2 {
      let store = try SQLiteStore.open(directory: directory.state, steps: steps)
      #expect(try await store.run(run.number)?.id == RunID("old"))
      try await store.close()
    }
    #expect(try value(directory, "SELECT note FROM run") == "n")
  }

  @Test func aReaderDoesNotMigrate() async throws {
    let directory = try TemporaryDirectory()
    try change(directory, "PRAGMA application_id = \(Schema.applicationID)")
    let error = try #require(throws: StoreError.self) { _ = try directory.open(.reader) }
    #expect(error.code == .unavailable)
    #expect(try value(directory, "PRAGMA user_version") == "0")
  }

  /// A page that cannot be read, and a freelist whose length is wrong, which SQLite reports among its findings.
  @Test(arguments: ["page", "freelist"])
  func damageIsFound(where place: String) async throws {
    let directory = try TemporaryDirectory()
    let store = try directory.open()
    let run = try await store.createRun(
      NewRun(id: RunID("run"), job: JobDefinition(name: "j", plugin: "p"), trigger: .manual, createdAt: .systemNow()))
    try await store.insert(keys: (0..<2_000).map { "key-\($0)" }, into: run.number)
    #expect(try await store.integrityCheck())
    try await store.close()
    var data = try Data(contentsOf: URL(fileURLWithPath: directory.database))
    if place == "page" {
      let middle = data.count / 4_096 / 2 * 4_096
      for byte in middle..<(middle + 64) { data[byte] ^= 0xff }
    } else {
      data[39] += 1
    }
    try data.write(to: URL(fileURLWithPath: directory.database))
    let damaged = try directory.open()
    let error = await #expect(throws: StoreError.self) { try await damaged.integrityCheck() }
    #expect(error?.code == .damaged)
    #expect(error?.message.contains("restore a backup") == true)
    try await damaged.close()
  }

  @Test func aCancelledCheckSaysThatItWasNotWhole() async throws {
    let directory = try TemporaryDirectory()
    let store = try directory.open()
    let check = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await store.integrityCheck()
    }
    #expect(try await check.value == false)
    #expect(try await store.integrityCheck())
    try await store.close()
  }
}

extension SQLiteStore {
  /// Adds items of these keys, with their keys as payloads.
  func insert(keys: [String], into run: RunNumber) async throws {
    var items = NewItems()
    for key in keys {
      let range = ByteRange(offset: items.bytes.count, count: key.utf8.count)
      items.bytes += Array(key.utf8)
      items.entries.append(NewItems.Entry(priority: 0, key: range, payload: range))
    }
    _ = try await insert(items, into: run, options: InsertOptions(at: .systemNow()))
  }
}
