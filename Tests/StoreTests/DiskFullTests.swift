import Foundation
import JobModel
import Store
import StoreConformance
import Testing

/// A file system of a few megabytes that is mounted for one test; needs root.
private final class SmallDisk: Sendable {
  let path: String

  static let isAvailable = geteuid() == 0

  init(_ directory: TemporaryDirectory, megabytes: Int) throws {
    path = directory.path + "/disk"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Self.run("mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path])
  }

  func unmount() throws { try Self.run("umount", ["-l", path]) }

  private static func run(_ program: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(program) failed")
  }
}

@Suite(.serialized) struct DiskFullTests {
  @Test(.enabled(if: SmallDisk.isAvailable, "mounting a small file system needs root"), arguments: [1, 4, 7])
  func aFullDiskStopsNothingForGood(fillerMegabytes: Int) async throws {
    let directory = try TemporaryDirectory()
    let disk = try SmallDisk(directory, megabytes: 12)
    defer { #expect(throws: Never.self) { try disk.unmount() } }
    let filler = URL(fileURLWithPath: disk.path + "/filler")
    try Data(count: fillerMegabytes << 20).write(to: filler)
    let store = try SQLiteStore.open(directory: disk.path + "/state", mode: .engine)
    let fixture = Fixture(store)
    let run = try await fixture.makeRun()

    var acknowledged: [String] = []
    var failure: StoreError?
    while failure == nil {
      let keys = (0..<500).map { "key-\(acknowledged.count + $0)" }
      do {
        try await fixture.insert(keys, into: run)
        acknowledged += keys
      } catch let error as StoreError {
        failure = error
      }
    }
    #expect(failure?.code == .full)
    #expect(failure?.message.contains("Make room") == true)
    await #expect(throws: StoreError.self, "still full") {
      try await fixture.insert((0..<5_000).map { "other-\($0)" }, into: run)
    }
    #expect(try await fixture.items(run).prefix(10_000).map(\.key) == Array(acknowledged.prefix(10_000)))
    #expect(try await store.run(run)?.counts.available == acknowledged.count)

    try FileManager.default.removeItem(at: filler)
    try await fixture.insert(["after"], into: run)
    #expect(try await fixture.item(run, "after").state == .available)
    #expect(try await fixture.counts(run).available == acknowledged.count + 1)
    #expect(try await store.integrityCheck())
    try await store.close()
    let again = try SQLiteStore.open(directory: disk.path + "/state", mode: .engine)
    #expect(try await again.countItems(run: run).available == acknowledged.count + 1)
    try await again.close()
  }
}
