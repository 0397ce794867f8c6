import Foundation
import GRDB
import JobModel
import Store
import Testing

/// Who may open a state directory, and what a refusal says.
@Suite struct LockTests {
  @Test func aSecondEngineIsRefusedAndTheFirstNamed() async throws {
    let directory = try TemporaryDirectory()
    let first = try directory.open()
    let error = try #require(throws: StoreError.self) { _ = try directory.open() }
    #expect(error.code == .locked)
    #expect(error.message.contains("(pid \(ProcessInfo.processInfo.processIdentifier))"))
    #expect(error.message.contains(directory.state))
    try await first.close()
    let second = try directory.open()
    try await second.close()
  }

  @Test func theLockOfADeadProcessIsFree() async throws {
    let directory = try TemporaryDirectory()
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: CrashTests.crasher)
    process.arguments = [directory.state, "run"]
    process.standardOutput = output
    try process.run()
    _ = output.fileHandleForReading.availableData
    let error = try #require(throws: StoreError.self) { _ = try directory.open() }
    #expect(error.code == .locked)
    #expect(error.message.contains("(pid \(process.processIdentifier))"))
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try await directory.open().close()
  }

  @Test func aFailedOpenGivesTheLockBack() async throws {
    let directory = try TemporaryDirectory()
    try FileManager.default.createDirectory(atPath: directory.state, withIntermediateDirectories: true)
    let foreign = Data("not a database, by far, and long enough to be read as one".utf8)
    try foreign.write(to: URL(fileURLWithPath: directory.database))
    for _ in 0..<2 {
      let error = try #require(throws: StoreError.self) { _ = try directory.open() }
      #expect(error.code == .damaged)
    }
    try FileManager.default.removeItem(atPath: directory.database)
    try await directory.open().close()
  }

  @Test func folderAndFilesAreForTheirOwnerOnly() async throws {
    let directory = try TemporaryDirectory()
    let deep = directory.path + "/a/b/state"
    let store = try SQLiteStore.open(directory: deep, mode: .engine)
    func mode(_ path: String) throws -> Int {
      let value = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
      return try #require((value as? NSNumber)?.intValue)
    }
    for folder in ["/a", "/a/b", "/a/b/state"] { #expect(try mode(directory.path + folder) == 0o700) }
    for file in ["carillon.db", "carillon.db-wal", "carillon.db-shm", "lock"] {
      #expect(try mode(deep + "/" + file) == 0o600, "\(file)")
    }
    try await store.close()
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: deep + "/carillon.db")
    let again = try SQLiteStore.open(directory: deep, mode: .engine)
    #expect(try mode(deep + "/carillon.db") == 0o600, "a file that had become readable")
    try await again.close()
  }

  @Test func aPathThatIsNoFolderIsUnavailable() throws {
    let directory = try TemporaryDirectory()
    try Data().write(to: URL(fileURLWithPath: directory.state))
    let error = try #require(throws: StoreError.self) { _ = try directory.open() }
    #expect(error.code == .unavailable)
  }

  @Test func aReaderOfNothingIsTold() throws {
    let directory = try TemporaryDirectory()
    let error = try #require(throws: StoreError.self) { _ = try directory.open(.reader) }
    #expect(error.code == .notFound)
    #expect(error.message.contains("no run has been made yet"))
  }

  @Test func aClosedStoreSaysSo() async throws {
    let directory = try TemporaryDirectory()
    let store = try directory.open()
    try await store.close()
    let write = await #expect(throws: StoreError.self) { try await store.setCheckpoint(job: "a", key: "b", value: [1]) }
    let read = await #expect(throws: StoreError.self) { _ = try await store.checkpoint(job: "a", key: "b") }
    #expect(write?.code == .unavailable)
    #expect(read?.code == .unavailable)
  }
}
