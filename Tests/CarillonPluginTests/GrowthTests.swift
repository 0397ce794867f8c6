import CCarillonPlugin
import CarillonPlugin
import CarillonPluginTesting
import Testing

/// Hosts whose struct ends early. Past its end stand bytes that crash whoever takes them for a function.
@Suite struct GrowthTests {
  private func script(upTo field: PartialKeyPath<carillon_host>) -> Script {
    var script = Script()
    script.hostStructSize = MemoryLayout<carillon_host>.offset(of: field)
    return script
  }

  @Test func missingServicesAreNotCalled() async throws {
    let record = try await Work<Int>(
      discover: { run, sink in
        run.log.info("nobody hears this")
        run.progress(1)
        #expect(throws: PluginError.self) { try run.secret("a") }
        #expect(throws: PluginError.self) { try run.checkpoint("a", as: Int.self) }
        #expect(throws: PluginError.self) { try run.putArtifact("a", text: "") }
        try sink.emit(key: "a", 1)
      },
      process: { item in
        #expect(!item.isCancelled && item.deadlineAt == nil)
        #expect(item.idempotencyKey == "run-1/a")
        #expect(throws: PluginError.self) { try item.emit(key: "b", 2) }
        #expect(throws: PluginError.self) { try item.emitEvent("e", 1) }
        return .succeeded
      },
      finish: { summary in
        await #expect(throws: PluginError.self) { try await summary.report(1) }
      }
    ).run(script(upTo: \.begin))
    #expect(record.completions.map(\.kind) == [.succeeded])
    #expect(record.peakInFlight == 0)
  }

  @Test func aHostThatCannotCompleteIsRefused() async throws {
    let harness = Work<Int>().harness(script(upTo: \.complete))
    await #expect(throws: HarnessError.self) { try await harness.create() }
  }
}
