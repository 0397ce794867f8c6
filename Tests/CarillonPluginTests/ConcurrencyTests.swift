import CarillonPlugin
import CarillonPluginTesting
import Synchronization
import Testing

@Suite struct ConcurrencyTests {
  private func items(_ count: Int) -> [TestItem] {
    (0..<count).map { TestItem(key: "k\($0)", payload: "\($0)") }
  }

  /// The gate opens only when all eight are inside, so a pool that runs fewer would never end.
  @Test(.timeLimit(.minutes(1)))
  func reachesTheManifestsLimit() async throws {
    let gate = Gate(width: Scripted<Int>.limit)
    let harness = Work<Int>(process: { _ in
      await gate.pass()
      return .succeeded
    }).harness()
    harness.add(items(Scripted<Int>.limit))
    let record = try await harness.run()
    #expect(record.completions.count == 8)
    #expect(record.peakInFlight == 8)
  }

  /// Batches of three overlap: the gate needs items of three batches at once.
  @Test(.timeLimit(.minutes(1)))
  func overlapsBatches() async throws {
    let gate = Gate(width: 8)
    var script = Script()
    script.batchSize = 3
    let harness = Work<Int>(process: { _ in
      await gate.pass()
      return .succeeded
    }).harness(script)
    harness.add(items(8))
    #expect(try await harness.run().peakInFlight == 8)
  }

  @Test func neverExceedsTheLimit() async throws {
    let level = Level()
    let harness = Work<Int>(process: { item in
      level.enter()
      for _ in 0..<(item.value % 7) { await Task.yield() }
      level.leave()
      return .succeeded
    }).harness()
    harness.add(items(2000))
    let record = try await harness.run()
    #expect(level.peak <= Scripted<Int>.limit)
    #expect(record.completions.count == 2000)
  }

  @Test(arguments: [1, 3, 8])
  func completesEachOfManyItemsOnce(batchSize: Int) async throws {
    var script = Script()
    script.batchSize = batchSize
    let harness = Work<Int>(process: { item in
      if item.value % 3 == 0 { await Task.yield() }
      return .succeeded(output: item.value)
    }).harness(script)
    harness.add(items(10_000))
    let record = try await harness.run()
    #expect(record.breaches == [])
    #expect(record.completions.count == 10_000)
    #expect(Set(record.completions.map(\.key)).count == 10_000)
    // The output tells that no item was given another one's payload.
    #expect(record.completions.allSatisfy { "k" + $0.output == $0.key && $0.isByPlugin })
  }

  @Test func anItemThatWasCancelledDoesNotCancelTheNextOnItsRunner() async throws {
    var script = Script()
    script.cancelledItems = Set((0..<200).filter { $0.isMultiple(of: 2) }.map { "k\($0)" })
    let harness = Work<Int>(process: { item in
      // Cancelled ones wait for it; the others must never see it.
      if item.value.isMultiple(of: 2) { await untilCancelled() }
      await Task.yield()
      return .succeeded(output: Task.isCancelled)
    }).harness(script)
    harness.add(items(200))
    let record = try await harness.run()
    #expect(record.completions.count == 200)
    for completion in record.completions {
      #expect(completion.output == (completion.wasCancelled ? "true" : "false"))
    }
  }
}

/// Suspends until the current task is cancelled.
func untilCancelled() async {
  let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
  await withTaskCancellationHandler {
    for await _ in stream {}
  } onCancel: {
    continuation.finish()
  }
}
