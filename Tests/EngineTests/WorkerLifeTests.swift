import Engine
import Foundation
import JobModel
import Store
import Synchronization
import Testing

/// Workers over the length of a run: started, replaced, shared out, given up.
@Suite(.serialized, .timeLimit(.minutes(5))) struct WorkerLifeTests {
  private static func script(_ lines: [String]) -> JobDefinition {
    Bench.job("scripted", ["script": .string(lines.joined(separator: "\n"))])
  }

  private static func log(_ run: RunRecord, _ paths: EnginePaths) throws -> String {
    try String(contentsOfFile: paths.log(of: run.id), encoding: .utf8)
  }

  @Test func workersAreReplacedAfterSoManyItems() async throws {
    var job = Bench.misbehaving(100, [], serial: true)
    job.limits.recycleItems = 10
    try await Bench().run(job) { result, store in
      #expect(result.record.counts.succeeded == 100)
      let items = try await store.items(ItemQuery(run: result.record.number, limit: 1_000))
      let shares = Dictionary(grouping: items, by: \.workerPID).mapValues(\.count)
      #expect(shares.count == 10 && shares.values.allSatisfy { $0 == 10 }, "\(shares)")
      #expect(items.allSatisfy { $0.attempts == 1 })
    }
  }

  @Test func aWorkerThatGrowsIsReplaced() async throws {
    var job = Self.script((1...12).map { "item\($0) 0 grow:40" })
    job.limits.recycleMiB = 100
    job.limits.recycleItems = 1_000_000  // looked at after every outcome
    job.concurrency = 1
    try await Bench().run(job) { result, store in
      #expect(result.record.counts.succeeded == 12)
      let items = try await store.items(ItemQuery(run: result.record.number, limit: 100))
      let shares = Dictionary(grouping: items, by: \.workerPID).mapValues(\.count)
      #expect(shares.values.allSatisfy { $0 <= 3 }, "\(shares)")
      #expect(items.allSatisfy { $0.attempts == 1 && $0.deaths == 0 })
    }
  }

  @Test func aReplacedWorkerThatWillNotLeaveIsKilled() async throws {
    let bench = Bench()
    var job = Self.script(["!stay"] + (1...12).map { "item\($0) 0 wait:60" })
    job.limits.recycleItems = 2
    job.concurrency = 1
    try await bench.run(job) { result, store in
      #expect(result.record.counts.succeeded == 12)
      #expect(try Self.log(result.record, bench.paths).contains("does not end when asked"))
      let items = try await store.items(ItemQuery(run: result.record.number, limit: 100))
      let pids = Set(items.map(\.workerPID))
      #expect(pids.count == 6)
      #expect(await Wait.until { pids.allSatisfy { access("/proc/\($0)", F_OK) != 0 } })
    }
  }

  @Test func concurrencyIsOfAllWorkersTogether() async throws {
    let bench = Bench()
    var job = Bench.misbehaving(300, [], more: ["work_us": 1_000])
    job.workers = 2
    job.concurrency = 5
    let engine = try await Engine.open(bench.paths)
    let run = try await engine.begin(job, RunOptions())
    async let driving = run.drive()
    var most = 0
    #expect(
      await Wait.until {
        let progress = run.progress
        most = max(most, progress.inFlight)
        return progress.counts.succeeded == 300
      })
    let result = try await driving
    #expect(most <= 5 && most > 1, "\(most) at once")
    #expect(result.record.counts.succeeded == 300)
    try await engine.close()
  }

  @Test func aPluginThatWillNotStartAtFirstIsTriedAgain() async throws {
    let bench = Bench()
    let counter = NSTemporaryDirectory() + "carillon-starts-\(UUID().uuidString)"
    defer { unlink(counter) }
    var job = Self.script(["!die 3 \(counter)"] + (1...20).map { "item\($0) 0 ok" })
    job.breaker.failures = 2
    job.breaker.cooldown = .milliseconds(20)
    try await bench.run(job) { result, store in
      #expect(result.record.state == .succeeded && result.record.counts.succeeded == 20)
      let items = try await store.items(ItemQuery(run: result.record.number, limit: 100))
      #expect(items.allSatisfy { $0.attempts == 1 && $0.deaths == 0 })
    }
  }

  @Test func aPluginThatNeverStartsEndsTheRun() async throws {
    let counter = NSTemporaryDirectory() + "carillon-starts-\(UUID().uuidString)"
    defer { unlink(counter) }
    var job = Self.script(["!die 1000 \(counter)", "item 0 ok"])
    job.breaker.failures = 2
    job.breaker.cooldown = .milliseconds(20)
    try await Bench().run(job) { result, _ in
      #expect(result.record.state == .failed)
      #expect(result.record.error?.contains("could not be started again and again") == true)
      #expect(result.record.error?.contains("signal 6 (abort)") == true)
    }
  }

  /// A breaker that is half open when its trial dies must open again, or nothing is ever tried any more.
  @Test(arguments: [1, 2])
  func aTrialThatDiesIsNotTheLast(failures: Int) async throws {
    let faults = [1, 2, 40].map { ["key": .string("item-\($0)"), "fault": "segfault"] as [String: JSONValue] }
    var job = Bench.misbehaving(60, faults)
    job.breaker.failures = failures
    job.breaker.cooldown = .milliseconds(20)
    try await Bench().run(job) { result, store in
      #expect(result.record.state == .completedWithFailures)
      #expect(result.record.counts.poisoned == 3 && result.record.counts.succeeded == 57)
    }
  }

  @Test func wakeUpsDoNotPileUp() async throws {
    let bench = Bench()
    let time = CountingTime()
    let engine = try await Engine.open(bench.paths, time: time)
    var job = Self.script((1...60).map { "item\($0) 0 retry:3,retry:7,retry:11,retry:2,ok" })
    job.retry.maxAttempts = 10
    job.timeouts.item = .seconds(300)
    let result = try await engine.begin(job, RunOptions()).drive()
    #expect(result.record.counts.succeeded == 60)
    #expect(time.most < 25, "\(time.most) wake-ups at once")
    try await engine.close()
  }
}

/// The system's clocks, counting who sleeps.
final class CountingTime: TimeSource {
  private let system = SystemTimeSource()
  private let sleepers = Mutex((now: 0, most: 0))

  var most: Int { sleepers.withLock { $0.most } }
  func now() -> Timestamp { system.now() }
  func uptime() -> Duration { system.uptime() }

  func sleep(for duration: Duration) async throws {
    sleepers.withLock {
      $0.now += 1
      $0.most = max($0.most, $0.now)
    }
    defer { sleepers.withLock { $0.now -= 1 } }
    try await system.sleep(for: duration)
  }
}
