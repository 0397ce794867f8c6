import Engine
import Foundation
import JobModel
import Store
import Synchronization
import Testing
import WorkerPool

/// Runs that once waited for ever, lost something, or did something twice.
@Suite(.serialized, .timeLimit(.minutes(2))) struct HardCasesTests {
  @Test func itemsAreHandedOutAfterABreakerHadOpenedInDiscovery() async throws {
    var job = Bench.scripted("!fall 6", "a 0 ok", "b 0 ok")
    job.retry.maxAttempts = 10
    try await Bench().run(job) { result, store in
      #expect(result.record.state == .succeeded)
      #expect(result.record.counts.succeeded == 2)
    }
  }

  @Test func whatAnItemAddsWhileTheRunIsStoppedIsKept() async throws {
    var job = Bench.scripted("parent 0 late:400")
    job.timeouts.cancelGrace = .seconds(30)
    let bench = Bench()
    let engine = try await Engine.open(bench.paths)
    let run = try await engine.begin(job, RunOptions())
    async let driven = run.drive()
    while run.progress.inFlight == 0 { try await Task.sleep(for: .milliseconds(5)) }
    run.stop()
    let stopped = try await driven
    #expect(stopped.wasStopped)
    let states = try await engine.store.states(run.number)
    #expect(states["parent"] == .succeeded)
    #expect(states.count == 4)
    let result = try await engine.resume(stopped.record).drive()
    #expect(result.record.counts.succeeded == 4)
    try await engine.close()
  }

  @Test func urgentItemsOfManyBytesAllComeToTheirTurn() async throws {
    let lines = ["!pad 200000"] + (1...60).map { "a\($0) \($0 % 2 == 0 ? 3 : -3) ok" }
    try await Bench().run(Bench.job("scripted", ["script": .string(lines.joined(separator: "\n"))])) { result, store in
      #expect(result.record.counts.succeeded == 60)
      #expect(result.record.counts.staleOutcomes == 0)
    }
  }

  @Test(arguments: [5, -5])
  func itemsOfAPriorityAreDoneOnce(_ priority: Int) async throws {
    try await Bench().run(Bench.scripted("!items 20000 \(priority)")) { result, store in
      #expect(result.record.counts.succeeded == 20_000)
      #expect(result.record.counts.staleOutcomes == 0)
    }
  }

  @Test func aPluginThatNeverReturnsFromDestroyIsKilled() async throws {
    var job = Bench.scripted((["!stay"] + (1...10).map { "a\($0) 0 wait:200" }).joined(separator: "\n"))
    job.limits.recycleItems = 1
    job.concurrency = 1
    let bench = Bench()
    let engine = try await Engine.open(bench.paths)
    let run = try await engine.begin(job, RunOptions())
    let killed = Mutex(0)
    run.onLog { line in
      if line.message.contains("does not end when asked") { killed.withLock { $0 += 1 } }
    }
    let result = try await run.drive()
    #expect(result.record.counts.succeeded == 10)
    #expect(killed.withLock { $0 } >= 3)
    try await engine.close()
  }

  @Test func closedOutputKeepsNoThreadBusy() async throws {
    let bench = Bench()
    try FileManager.default.createDirectory(atPath: bench.state, withIntermediateDirectories: true)
    let mute = bench.state + "/mute-host"
    try "#!/bin/sh\nexec '\(Installation.host)' \"$@\" >&- 2>&-\n".write(toFile: mute, atomically: true, encoding: .utf8)
    chmod(mute, 0o755)
    var liveness = WorkerProcess.Liveness()
    liveness.interval = .milliseconds(100)
    let (events, continuation) = AsyncStream.makeStream(of: (pongs: Int, seconds: Double).self)
    let pongs = Mutex(0)
    let process = try await WorkerProcess.start(hostPath: mute, liveness: liveness) { event in
      var used = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used)  // events come on the worker's own thread
      if case .pong = event { pongs.withLock { $0 += 1 } }
      continuation.yield((pongs.withLock { $0 }, Double(used.tv_sec) + Double(used.tv_nsec) / 1e9))
      if case .ended = event { continuation.finish() }
    }
    for await event in events where event.pongs >= 15 {
      #expect(event.seconds < 0.4)
      process.kill()
      break
    }
  }

  @Test func aStopDoesNotWaitForAWorkerThatIsStarting() async throws {
    let bench = Bench()
    let engine = try await Engine.open(bench.paths)
    let run = try await engine.begin(Bench.scripted("!slow", "a 0 ok"), RunOptions())
    async let driven = run.drive()
    try await Task.sleep(for: .milliseconds(500))
    let start = ContinuousClock.now
    run.stopNow()
    let result = try await driven
    #expect(result.wasStopped)
    #expect(start.duration(to: .now) < .seconds(15))
    try await engine.close()
  }

  @Test func aFloodOfAddedItemsIsStored() async throws {
    try await Bench().run(Bench.scripted("parent 0 emit:20000")) { result, store in
      #expect(result.record.counts.succeeded == 20_001)
      let items = try await store.items(ItemQuery(run: result.record.number, limit: 10_000))
      #expect(items.allSatisfy { $0.deaths == 0 } && Set(items.map(\.workerPID)).count == 1, "a worker died on the way")
    }
  }

  @Test func dueRetriesDoNotWaitForEveryOtherItem() async throws {
    var job = Bench.scripted("first 0 retry:1,ok", "!items 30000 0")
    job.retry.base = .milliseconds(1)
    try await Bench().run(job) { result, store in
      let number = result.record.number
      let first = try #require(try await store.item(run: number, key: "first")?.item)
      let last = try #require(try await store.item(run: number, key: "item-29999")?.item)
      #expect(result.record.counts.succeeded == 30_001)
      #expect(try #require(first.startedAt) < #require(last.startedAt))
    }
  }

  @Test func aHostIsNotTakenForDeadWhileItIsNotHeard() async throws {
    var liveness = WorkerProcess.Liveness()
    liveness.interval = .milliseconds(100)
    liveness.patience = .milliseconds(1_500)
    let (events, continuation) = AsyncStream.makeStream(of: WorkerEvent.self)
    let process = try await WorkerProcess.start(hostPath: Installation.host, liveness: liveness) { event in
      continuation.yield(event)
      if case .hello = event { usleep(3_000_000) }
      if case .ended = event { continuation.finish() }
    }
    var pongs = 0
    for await event in events {
      switch event {
      case .pong:
        pongs += 1
        if pongs == 3 { process.send { $0.shutdown() } }
      case .violation(let words): Issue.record("\(words)")
      case .ended(let end): #expect(end == .exited(code: 0))
      default: break
      }
    }
  }

  @Test func finishReadsItemsOfManyBytes() async throws {
    let lines = ["!pad 200000"] + (1...60).map { "a\($0) 0 ok" }
    try await Bench().run(Bench.job("scripted", ["script": .string(lines.joined(separator: "\n"))])) { result, store in
      #expect(result.record.report == "{\"seen\":60,\"succeeded\":60}")
    }
  }
}
