import Engine
import Foundation
import JobModel
import Store
import Testing

/// Whole runs on the real host, the real store and a scripted plugin.
@Suite(.serialized) struct RunTests {
  @Test func everyOutcomeIsAccountedFor() async throws {
    let job = Bench.scripted(
      "good 0 ok", "idle 0 skip", "bad 0 fail", "stubborn 0 retry", "late 0 retry,ok", "told 0 retry:20,ok",
      "slowed 0 rate:5,rate:5,rate:5,rate:5,ok", "text 0 output:17")
    try await Bench().run(job) { result, store in
      let run = result.record
      #expect(run.state == .completedWithFailures)
      let states = try await store.states(run.number)
      #expect(
        states == [
          "good": .succeeded, "idle": .skipped, "bad": .dead, "stubborn": .dead, "late": .succeeded, "told": .succeeded,
          "slowed": .succeeded, "text": .succeeded,
        ])
      let stubborn = try #require(try await store.item(run: run.number, key: "stubborn"))
      #expect(stubborn.item.attempts == 3)
      #expect(stubborn.attempts.map(\.cause) == [.item, .item])
      #expect(stubborn.item.reason == "told to retry")
      let slowed = try #require(try await store.item(run: run.number, key: "slowed"))
      #expect(slowed.item.attempts == 1)
      #expect(slowed.attempts.map(\.cause) == Array(repeating: .rateLimit, count: 4))
      let found1 = try await store.item(run: run.number, key: "text")
      #expect(found1?.item.output == "17")
      #expect(run.counts.total == 8 && run.counts.ended == 8)
      #expect(run.report == "{\"seen\":8,\"succeeded\":5}")
      let found2 = try await store.artifacts(run: run.number)
      #expect(found2.map(\.name) == ["list.txt"])
    }
  }

  @Test func fanOutIsStoredWithItsParent() async throws {
    try await Bench().run(Bench.scripted("parent 0 emit:300", "other 0 ok")) { result, store in
      #expect(result.record.state == .succeeded)
      #expect(result.record.counts.succeeded == 302)
    }
  }

  @Test func eventsComeOnlyFromItemsThatEndedWell() async throws {
    try await Bench().run(Bench.scripted("a 0 event", "b 0 fail")) { result, store in
      let events = try await store.events(run: result.record.number, after: 0, limit: 10)
      #expect(events.map(\.type) == ["done"])
    }
  }

  @Test func aBrokenDiscoveryGoesOnFromItsCheckpoint() async throws {
    try await Bench().run(Bench.scripted("!break 2", "a 0 ok", "b 0 ok", "c 0 ok")) { result, store in
      #expect(result.record.state == .succeeded)
      #expect(result.record.counts.succeeded == 3)
      #expect(result.record.counts.duplicateKeys == 0)
    }
  }

  @Test func higherPrioritiesGoFirst() async throws {
    let lines = (1...8).map { "low\($0) -5 order" } + (1...8).map { "mid\($0) 0 order" } + (1...8).map { "high\($0) 7 order" }
    var job = Bench.job("scripted", ["script": .string(lines.joined(separator: "\n"))])
    job.concurrency = 1
    try await Bench().run(job) { result, store in
      #expect(result.record.counts.succeeded == 24)
      let bytes = try #require(try await store.checkpoint(job: "job", key: "order"))
      let order = String(decoding: bytes, as: UTF8.self).split(separator: " ").map { $0.prefix(3) }
      // The first few may have been handed out before the later ones were named.
      #expect(order.suffix(8).allSatisfy { $0 == "low" }, "\(order)")
      #expect(order.firstIndex(of: "hig")! < order.lastIndex(of: "mid")!)
    }
  }

  @Test func aPlanDescribesEffects() async throws {
    var options = RunOptions()
    options.isPlan = true
    try await Bench().run(Bench.scripted("a 0 ok"), options) { result, store in
      #expect(result.record.isPlan)
      let found3 = try await store.item(run: result.record.number, key: "a")
      #expect(found3?.item.effect == "{\"would\":\"act\"}")
    }
  }

  @Test func onlyTheKeysAskedForAreTaken() async throws {
    var options = RunOptions()
    options.onlyKeys = ["b"]
    try await Bench().run(Bench.scripted("a 0 ok", "b 0 ok", "c 0 ok"), options) { result, store in
      let found4 = try await store.states(result.record.number)
      #expect(found4 == ["b": .succeeded])
    }
  }

  @Test func aSpentFailureBudgetEndsTheRun() async throws {
    let lines = (1...60).map { "item\($0) 0 fail" }
    var job = Bench.job("scripted", ["script": .string(lines.joined(separator: "\n"))])
    job.failureBudget = .count(3)
    try await Bench().run(job) { result, store in
      #expect(result.record.state == .failed)
      #expect(result.record.error?.contains("failure budget") == true)
      #expect(result.record.counts.dead < 60)
      #expect(result.record.counts.available == 60 - result.record.counts.dead)
    }
  }

  @Test func keysDoneByAnotherRunAreSkipped() async throws {
    let bench = Bench()
    var job = Bench.scripted("a 0 ok", "b 0 fail")
    job.unique = UniquePolicy(period: .seconds(3_600))
    try await bench.run(job) { result, store in #expect(result.record.counts.succeeded == 1) }
    try await bench.run(job) { result, store in
      let found5 = try await store.states(result.record.number)
      #expect(found5 == ["a": .skipped, "b": .dead])
      let found6 = try await store.item(run: result.record.number, key: "a")
      #expect(found6?.item.reason?.hasPrefix("duplicate of run") == true)
    }
  }

  @Test func aDownDependencyCostsNoAttempt() async throws {
    let job = Bench.scripted("a 0 down:relay,down:relay,down:relay,down:relay,down:relay,down:relay,down:relay,ok")
    try await Bench().run(job) { result, store in
      let detail = try #require(try await store.item(run: result.record.number, key: "a"))
      #expect(detail.item.state == .succeeded)
      #expect(detail.item.attempts == 1)
      #expect(detail.attempts.allSatisfy { $0.cause == .unavailable })
      #expect(detail.attempts.count == 7)
    }
  }

  @Test func aRateLimitSpreadsItems() async throws {
    let lines = (1...12).map { "item\($0) 0 ok" }
    var job = Bench.job("scripted", ["script": .string(lines.joined(separator: "\n"))])
    job.rateLimit = RateLimit(count: 4, interval: .milliseconds(200))
    let start = ContinuousClock.now
    try await Bench().run(job) { result, store in #expect(result.record.counts.succeeded == 12) }
    #expect(start.duration(to: .now) >= .milliseconds(380))
  }

  @Test func aRunThatTakesTooLongIsCancelled() async throws {
    var job = Bench.scripted("a 0 ok", "b 0 wait:100000")
    job.timeouts.run = .milliseconds(300)
    try await Bench().run(job) { result, store in
      #expect(result.record.state == .cancelled)
      #expect(result.record.error?.contains("timeout") == true)
      let found7 = try await store.states(result.record.number)
      #expect(found7["b"] == .cancelled)
    }
  }
}
