import Engine
import Foundation
import JobModel
import Store
import Testing

/// What a plugin gets from the engine beside items, and what it cannot do to it.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ServiceTests {
  @Test func secretsComeFromTheirFolderAndNowhereElse() async throws {
    var bench = Bench()
    let around = NSTemporaryDirectory() + "carillon-secrets-\(UUID().uuidString)"
    let folder = "\(around)/inner"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { do { try FileManager.default.removeItem(atPath: around) } catch { print("left behind: \(around)") } }
    try "4711\n".write(toFile: "\(folder)/token", atomically: true, encoding: .utf8)
    try "1".write(toFile: "\(around)/outside", atomically: true, encoding: .utf8)
    try "2".write(toFile: "\(folder)/.hidden", atomically: true, encoding: .utf8)
    bench.paths.secrets = folder
    let job = Bench.scripted(
      "right 0 secret:token", "wrong 0 secret:nothing", "evil 0 secret:../outside", "hidden 0 secret:.hidden")
    try await bench.run(job) { result, store in
      let states = try await store.states(result.record.number)
      #expect(states == ["right": .succeeded, "wrong": .dead, "evil": .dead, "hidden": .dead])
      let right = try await store.item(run: result.record.number, key: "right")
      // The plugin answers with what it got: the right value, which is struck out before it is kept.
      #expect(right?.item.output == "****")
    }
  }

  @Test func checkpointsLiveFromRunToRun() async throws {
    let bench = Bench()
    for round in 1...3 {
      try await bench.run(Bench.scripted("item 0 count")) { result, store in
        let item = try await store.item(run: result.record.number, key: "item")
        #expect(item?.item.output == "\(round)")
      }
    }
  }

  /// In a process of its own: memory is the process's.
  @Test func aHundredThousandItemsNeedNoMoreMemoryThanTen() async throws {
    let (host, plugins) = (Installation.host, Installation.plugins)
    await #expect(processExitsWith: .success) { [host = host as String, plugins = plugins as String] in
      let state = NSTemporaryDirectory() + "carillon-engine-\(UUID().uuidString)"
      defer { do { try FileManager.default.removeItem(atPath: state) } catch { print("left behind: \(state)") } }
      let engine = try await Engine.open(EnginePaths(state: state, host: host, plugins: [plugins]))
      func resident(after items: Int) async throws -> Int {
        let result = try await engine.begin(Bench.misbehaving(items, []), RunOptions()).drive()
        #expect(result.record.counts.succeeded == items)
        let statm = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return Int(statm.split(separator: " ")[1])! * 4_096
      }
      let before = try await resident(after: 10_000)
      let after = try await resident(after: 100_000)
      #expect(after - before < 48 << 20, "\((after - before) >> 20) MiB more")
      try await engine.close()
    }
  }
}
