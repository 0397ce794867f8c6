import CarillonPlugin
import CarillonPluginTesting
import Testing

@Suite struct CancellationTests {
  @Test(.timeLimit(.minutes(1)))
  func reachesTheItemsTask() async throws {
    var script = Script()
    script.cancelledItems = ["a"]
    let harness = Work<Int>(process: { _ in
      await untilCancelled()
      try Task.checkCancellation()
      return .succeeded
    }).harness(script)
    harness.add([TestItem(key: "a", payload: "1")])
    let completion = try #require(try await harness.run().completion("a"))
    #expect(completion.kind == .retry)
    #expect(completion.reason == "cancelled")
  }

  @Test(.timeLimit(.minutes(1)))
  func ofEverythingReachesTheItemsThatWait() async throws {
    let begun = Gate(width: 8)
    let harness = Work<Int>(process: { _ in
      await begun.pass()
      await untilCancelled()
      return .retry("stopped")
    }).harness()
    harness.add((0..<8).map { TestItem(key: "k\($0)", payload: "\($0)") })
    try await harness.create()
    async let processed: Void = harness.process()
    await begun.pass()
    harness.cancelAll()
    try await processed
    try await harness.destroy()
    #expect(harness.record.completions.count == 8)
    #expect(harness.record.completions.allSatisfy { $0.kind == .retry && $0.wasCancelled })
  }

  @Test(.timeLimit(.minutes(1)))
  func reachesDiscovery() async throws {
    let begun = Gate(width: 2)
    let harness = Work<Int>(discover: { _, _ in
      await begun.pass()
      await untilCancelled()
      try Task.checkCancellation()
    }).harness()
    try await harness.create()
    async let failure = #expect(throws: HarnessError.self) { try await harness.discover() }
    await begun.pass()
    harness.cancelAll()
    _ = await failure
    try await harness.destroy()
    #expect(harness.record.errors == ["cancelled"])
  }

  @Test(.timeLimit(.minutes(1)))
  func reachesFinish() async throws {
    let begun = Gate(width: 2)
    let harness = Work<Int>(finish: { _ in
      await begun.pass()
      await untilCancelled()
      try Task.checkCancellation()
    }).harness()
    try await harness.create()
    async let failure = #expect(throws: HarnessError.self) { try await harness.finish() }
    await begun.pass()
    harness.cancelAll()
    _ = await failure
    try await harness.destroy()
  }
}
