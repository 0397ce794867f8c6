import Engine
import JobModel
import Store
import Testing

/// Every way in which a plugin can misbehave: the guilty item is found, the others finish, the engine goes on.
@Suite(.serialized) struct MisbehaviourTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var fault: String
    var state: ItemState
    var cause: RetryCause?
    var seconds: Int64 = 300
    var testDescription: String { fault }
  }

  static let cases = [
    Case(fault: "segfault", state: .poisoned, cause: .poison),
    Case(fault: "abort", state: .poisoned, cause: .poison),
    Case(fault: "exit", state: .poisoned, cause: .poison),
    Case(fault: "stack-overflow", state: .poisoned, cause: .poison),
    Case(fault: "exhaust-memory", state: .poisoned, cause: .poison),
    Case(fault: "garbage-frames", state: .poisoned, cause: .poison),
    Case(fault: "hang", state: .dead, cause: .timeout),
    Case(fault: "ignore-cancel", state: .dead, cause: .timeout),
    Case(fault: "slow", state: .dead, cause: .timeout),
    Case(fault: "never-complete", state: .dead, cause: .item),
    Case(fault: "complete-twice", state: .succeeded, cause: nil),
    Case(fault: "flood-logs", state: .succeeded, cause: nil),
    Case(fault: "leak-descriptors", state: .succeeded, cause: nil),
  ]

  @Test(arguments: cases, [false, true])
  func theGuiltyItemIsFound(_ fault: Case, serial: Bool) async throws {
    var job = Bench.misbehaving(40, [["key": "item-17", "fault": .string(fault.fault), "ms": 60_000]], serial: serial)
    job.timeouts.item = .milliseconds(400)
    job.retry.maxAttempts = 2
    job.limits.addressSpaceMiB = 512
    job.limits.descriptors = 128
    // What ends by itself is given its time: a slow machine is no misbehaviour.
    if fault.cause != .timeout { job.timeouts.item = .seconds(60) }
    try await Bench().run(job) { result, store in
      var states = try await store.states(result.record.number)
      #expect(states.removeValue(forKey: "item-17") == fault.state)
      #expect(states.count == 39)
      #expect(states.values.allSatisfy { $0 == .succeeded }, "\(states.filter { $0.value != .succeeded })")
      let innocent = try #require(try await store.item(run: result.record.number, key: "item-18"))
      #expect(innocent.item.attempts == 1, "an innocent item was charged")
      #expect(innocent.item.deaths == 0)
      let guilty = try #require(try await store.item(run: result.record.number, key: "item-17"))
      if fault.state == .poisoned {
        #expect(guilty.item.deaths == 3)
        #expect(guilty.item.attempts == 0)
      } else if fault.state == .dead {
        #expect(guilty.item.attempts == 2)
      }
      if let cause = fault.cause { #expect(guilty.attempts.contains { $0.cause == cause }) }
      if fault.state != .succeeded { #expect(guilty.item.reason?.isEmpty == false) }
    }
  }

  @Test func manyPoisonedItemsLeaveTheRestAlone() async throws {
    let faults: [[String: JSONValue]] = [3, 20, 21, 22, 99, 150].map {
      ["key": .string("item-\($0)"), "fault": "segfault"]
    }
    try await Bench().run(Bench.misbehaving(200, faults)) { result, store in
      #expect(result.record.counts.poisoned == 6)
      #expect(result.record.counts.succeeded == 194)
    }
  }
}
