import Foundation
import GRDB
import GRDBSQLite
import JobModel
import Testing

@testable import Store

/// One connection writes and checkpoints; the others only read. SQLite before 3.51.3 can lose a commit otherwise.
@Suite struct ConnectionDisciplineTests {
  private static let pragmas = ["journal_mode", "synchronous", "wal_autocheckpoint", "mmap_size", "query_only"]

  private static func values(_ db: Database) throws -> [String?] {
    try pragmas.map { try String.fetchOne(db, sql: "PRAGMA \($0)") }
  }

  @Test func theWriterIsDurableAndCheckpointsByItselfOnly() async throws {
    let directory = try TemporaryDirectory()
    let store = try directory.open()
    let values = try await store.writer.write("looking") { try Self.values($0.db) }
    #expect(values == ["wal", "2", "0", "0", "0"], "synchronous 2 is FULL")
    try await store.close()
  }

  @Test func readersCanNeitherWriteNorCheckpoint() async throws {
    let directory = try TemporaryDirectory()
    let engine = try directory.open()
    let reader = try directory.open(.reader)
    for connection in [engine.hotReader, engine.peopleReader, reader.hotReader, reader.peopleReader] {
      let (values, isReadOnly) = try await connection.read("looking") { db in
        (try Self.values(db), sqlite3_db_readonly(db.sqliteConnection, "main"))
      }
      #expect(values[2...] == ["0", "0", "1"])
      #expect(isReadOnly == 1)
      await #expect(throws: StoreError.self) {
        try await connection.read("writing") { try $0.execute(sql: "DELETE FROM run") }
      }
    }
    try await reader.close()
    try await engine.close()
  }

  /// A store whose engine was killed has all its rows in the WAL. Readers that come and go must leave both files alone: the
  /// last connection of a database usually folds the WAL back when it closes.
  @Test func readersLeaveTheWALOfADeadEngineAlone() async throws {
    let directory = try TemporaryDirectory()
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: CrashTests.crasher)
    process.arguments = [directory.state, "run"]
    process.standardOutput = output
    try process.run()
    var said = 0
    while said < 2_000 { said += output.fileHandleForReading.availableData.count }
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()

    func files() throws -> [Data] {
      try ["", "-wal"].map { try Data(contentsOf: URL(fileURLWithPath: directory.database + $0)) }
    }
    let before = try files()
    #expect(before[1].count > 4_096)
    for _ in 0..<3 {
      let reader = try directory.open(.reader)
      #expect(try await reader.runs(RunQuery()).count > 0)
      #expect(try await reader.integrityCheck())
      try await reader.close()
    }
    #expect(try files() == before)
    let engine = try directory.open()
    #expect(try await engine.runs(RunQuery()).count > 0)
    try await engine.close()
    #expect(StateDirectory.size(of: directory.database + "-wal") == 0, "the engine empties the WAL when it closes")
  }

  /// Only one file may ask SQLite for a checkpoint.
  @Test func oneFileOfTheSourceCheckpoints() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/Store").standardizedFileURL
    let names = try #require(FileManager.default.enumerator(atPath: sources.path)).compactMap { $0 as? String }
    let found = try names.filter { $0.hasSuffix(".swift") }.filter { name in
      let text = try String(contentsOf: sources.appendingPathComponent(name), encoding: .utf8)
      return text.contains("wal_checkpoint") || text.contains(".checkpoint(.")
    }
    #expect(found == ["SQLite/WriteAheadLog.swift"])
  }

  @Test func theWALStaysSmallInALargeRun() async throws {
    let directory = try TemporaryDirectory()
    let store = try directory.open()
    let run = try await store.createRun(
      NewRun(id: RunID("run"), job: JobDefinition(name: "j", plugin: "p"), trigger: .manual, createdAt: .systemNow())
    ).number
    let padding = String(repeating: "x", count: 120)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for batch in 0..<6 {
            try await store.insert(keys: (0..<8_192).map { "w\(writer)-\(batch)-\($0)-\(padding)" }, into: run)
            #expect(StateDirectory.size(of: directory.database + "-wal") < 64 << 20)
          }
        }
      }
      group.addTask {
        for _ in 0..<200 {
          _ = try await store.ready(
            ReadyQuery(run: run, lane: .normal, after: ItemID(run: run, place: 0), limit: 1_000, maxBytes: .max))
        }
      }
      try await group.waitForAll()
    }
    let statistics = store.statistics()
    #expect(statistics.walPeakBytes < 64 << 20)
    #expect(statistics.walPeakBytes > 8 << 20, "too little was written for the test to mean anything")
    #expect(statistics.checkpoints > 1)
    #expect(statistics.checkpointFailure == nil)
    try await store.close()
  }

  /// A reader that stays keeps the WAL from being folded back; when it is gone the WAL shrinks again.
  @Test func aLongReaderDelaysTheCheckpointOnly() async throws {
    let directory = try TemporaryDirectory()
    let store = try directory.open()
    let run = try await store.createRun(
      NewRun(id: RunID("run"), job: JobDefinition(name: "j", plugin: "p"), trigger: .manual, createdAt: .systemNow())
    ).number
    let padding = String(repeating: "x", count: 200)
    func write(_ name: String) async throws {
      for batch in 0..<12 {
        try await store.insert(keys: (0..<8_192).map { "\(name)-\(batch)-\($0)-\(padding)" }, into: run)
      }
    }
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let long = try DatabaseQueue(path: directory.database, configuration: configuration)
    try long.inDatabase { db in
      try db.execute(sql: "PRAGMA wal_autocheckpoint = 0; BEGIN; SELECT count(*) FROM run")
    }
    try await write("during")
    try long.inDatabase { try $0.execute(sql: "COMMIT") }
    try await write("after")
    #expect(store.statistics().walBytes < 64 << 20)
    #expect(try await store.run(run)?.counts.available == 24 * 8_192)
    try long.close()
    try await store.close()
  }
}
