import CarillonPlugin
import CarillonPluginTesting
import FoundationEssentials
import Synchronization
import Testing

@Suite struct RunTests {
  @Test func contextsCarryTheRun() async throws {
    var script = Script()
    script.runID = "r7"
    script.job = "mail"
    script.event = #"{"path":"/in"}"#
    script.secrets = ["token": "s3cret"]
    script.attempts = ["a": 3]
    script.deadlineUs = 1_800_000_000_000_000
    script.dueAtUs = 1_700_000_000_000_000
    let record = try await Work<Int>(
      discover: { run, sink in
        #expect((run.id, run.job, run.isPlan) == ("r7", "mail", false))
        #expect(run.dueAt?.timeIntervalSince1970 == 1_700_000_000)
        #expect(try run.event(as: [String: String].self) == ["path": "/in"])
        #expect(try run.secret("token") == "s3cret")
        #expect(try run.secret("other") == nil)
        run.log.warning("careful")
        run.progress(1, of: 2)
        try sink.emit(key: "a", 1)
      },
      process: { item in
        #expect((item.key, item.attempt, item.value) == ("a", 3, 1))
        #expect(item.idempotencyKey == "r7/a")
        #expect(item.deadlineAt?.timeIntervalSince1970 == 1_800_000_000)
        item.progress(5)
        item.log.debug("in item")
        try item.putArtifact("report.txt", text: "hi")
        try item.emitEvent("done", ["n": 1])
        return .succeeded
      }
    ).run(script)
    #expect(record.completions.first?.kind == .succeeded)
    #expect(
      record.logs == [
        LogLine(item: "", level: .warning, message: "careful"),
        LogLine(item: "a", level: .debug, message: "in item"),
      ])
    #expect(record.artifacts["report.txt"]?.text == "hi")
    #expect(record.events == [EmittedEvent(item: "a", type: "done", json: #"{"n":1}"#)])
    #expect(record.progress["a"]?.done == 5)
    #expect(record.progress[""]?.total == 2)
  }

  @Test func checkpointsAreTypedAndKept() async throws {
    var script = Script()
    script.checkpoints = ["cursor": "[1,2]", "text": #""no number""#]
    let long = String(repeating: "x", count: 5000)
    let record = try await Work<Int>(discover: { run, _ in
      #expect(try run.checkpoint("cursor", as: [Int].self) == [1, 2])
      #expect(try run.checkpoint("none", as: Int.self) == nil)
      #expect(throws: PluginError.self) { try run.checkpoint("text", as: Int.self) }
      try run.setCheckpoint("long", to: long)
      #expect(try run.checkpoint("long", as: String.self) == long)
      try run.removeCheckpoint("cursor")
    }).run(script)
    #expect(Set(record.checkpoints.keys) == ["text", "long"])
  }

  @Test func aBrokenDiscoveryGoesOnFromItsCheckpoint() async throws {
    var script = Script()
    script.breakDiscoveryAt = 1500
    let starts = Mutex<[Int]>([])
    let harness = Work<Int>(discover: { _, sink in
      let start = try sink.checkpoint(as: Int.self) ?? 0
      starts.withLock { $0.append(start) }
      for number in start..<3000 {
        try sink.emit(key: "\(number)", number)
        if (number + 1).isMultiple(of: 100) { try sink.setCheckpoint(number + 1) }
      }
    }).harness(script)
    try await harness.create()
    await #expect(throws: HarnessError.self) { try await harness.discover() }
    try await harness.discover()
    try await harness.destroy()
    #expect(starts.withLock(\.self) == [0, 1400])
    #expect(harness.record.items.map(\.key) == (0..<3000).map(String.init))
    #expect(harness.record.duplicateItems == 0)
  }

  @Test func aSwallowedFailureStillFailsDiscovery() async throws {
    var script = Script()
    // Once: handing over the rest would succeed.
    script.breakDiscoveryAt = 1000
    let harness = Work<Int>(discover: { _, sink in
      for number in 0..<1100 {
        do { try sink.emit(key: "\(number)", number) } catch { return }
      }
    }).harness(script)
    try await harness.create()
    await #expect(throws: HarnessError.self) { try await harness.discover() }
    try await harness.destroy()
    #expect(harness.record.items.count == 512)
  }

  @Test func aCancelledDiscoveryThrowsToThePlugin() async throws {
    var script = Script()
    script.cancelDiscoveryAt = 600
    let harness = Work<Int>(discover: { _, sink in
      #expect(throws: CancellationError.self) {
        for number in 0..<1100 { try sink.emit(key: "\(number)", number) }
      }
    }).harness(script)
    try await harness.create()
    await #expect(throws: HarnessError.self) { try await harness.discover() }
    try await harness.destroy()
    #expect(harness.record.items.count == 512)
  }

  @Test func itemsFanOut() async throws {
    let record = try await Work<Int>(
      discover: { _, sink in try sink.emit(key: "3", 3) },
      process: { item in
        guard item.value > 0 else { return .succeeded }
        try item.emit(contentsOf: (0..<item.value).map { NewItem(key: "\(item.key).\($0)", value: $0) })
        return .succeeded
      }
    ).run()
    #expect(record.items.count == 8)
    #expect(record.completions.count == 8)
  }

  @Test func finishReadsAllResultsInOrder() async throws {
    let count = 1000
    let record = try await Work<Int>(
      discover: { _, sink in
        for number in 0..<count { try sink.emit(key: "\(number)", number) }
      },
      process: { item in
        item.value % 10 == 9 ? .failed("nine") : .succeeded(output: ["twice": item.value * 2])
      },
      finish: { summary in
        #expect((summary.succeeded, summary.dead, summary.skipped) == (900, 100, 0))
        var sum = 0
        var keys: [String] = []
        for try await result in summary.results {
          keys.append(result.key)
          if result.kind == .failed { #expect(result.reason == "nine") }
          sum += try result.output(as: [String: Int].self)?["twice"] ?? 0
        }
        #expect(keys == (0..<count).map(String.init))
        try await summary.report(["sum": sum])
        try summary.emitEvent("finished", ["sum": sum])
        try summary.run.putArtifact("sum.txt", text: "\(sum)")
      }
    ).run()
    let expected = (0..<count).filter { $0 % 10 != 9 }.map { $0 * 2 }.reduce(0, +)
    #expect(record.report == "{\"sum\":\(expected)}")
    #expect(record.events.map(\.type) == ["finished"])
    #expect(record.artifacts["sum.txt"]?.text == "\(expected)")
  }

  @Test func aRefusedArtifactThrows() async throws {
    var script = Script()
    script.refusedArtifacts = ["a.txt"]
    let record = try await Work<Int>(
      discover: { _, sink in try sink.emit(key: "a", 1) },
      process: { item in
        try item.putArtifact("a.txt", text: "")
        return .succeeded
      }
    ).run(script)
    #expect(record.completions.first?.kind == .retry)
    #expect(record.completions.first?.reason.contains("a.txt") == true)
  }
}
