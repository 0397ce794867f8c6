import Engine
import Foundation
import JobModel
import Store
import Testing

/// A state directory on a disk that runs full.
struct DiskFullTests {
  private static let isPossible: Bool = {
    let folder = NSTemporaryDirectory() + "carillon-disk-\(UUID().uuidString)"
    guard geteuid() == 0, mkdir(folder, 0o700) == 0 else { return false }
    defer { rmdir(folder) }
    guard mount("tmpfs", folder, "tmpfs", 0, "size=65536") == 0 else { return false }
    umount2(folder, Int32(MNT_DETACH))
    return true
  }()

  @Test(.enabled(if: isPossible, "a small tmpfs needs root"))
  func theErrorSaysSoAndTheRunGoesOnWithRoom() async throws {
    let disk = NSTemporaryDirectory() + "carillon-disk-\(UUID().uuidString)"
    try #require(mkdir(disk, 0o700) == 0)
    defer { rmdir(disk) }
    try #require(mount("tmpfs", disk, "tmpfs", 0, "size=\(32 << 20)") == 0)
    defer { umount2(disk, Int32(MNT_DETACH)) }
    let ballast = "\(disk)/ballast"
    try Data(count: 32 << 20 - 400 << 10).write(to: URL(fileURLWithPath: ballast))
    var bench = Bench()
    bench.paths.state = "\(disk)/state"

    var engine = try await Engine.open(bench.paths)
    let run = try await engine.begin(Bench.misbehaving(2_000, [], more: ["work_us": 200]), RunOptions())
    let error = await #expect(throws: EngineError.self) { _ = try await run.drive() }
    #expect((error?.cause as? StoreError)?.code == .full)
    #expect(error?.message.contains("\(disk)/state/carillon.db") == true && error?.message.contains("full") == true)
    #expect(error?.message.contains("\n") == false)
    try await engine.close()

    try FileManager.default.removeItem(atPath: ballast)
    engine = try await Engine.open(bench.paths)
    let result = try await engine.resume(try #require(try await engine.store.run(run.number))).drive()
    #expect(result.record.state == .succeeded && result.record.counts.succeeded == 2_000)
    let counted = try await engine.store.countItems(run: run.number)
    #expect(counted.succeeded == 2_000 && counted.total == 2_000)
    try await engine.close()
  }
}
