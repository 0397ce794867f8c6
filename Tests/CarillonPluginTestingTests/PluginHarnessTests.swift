import CCarillonPlugin
import CarillonPlugin
import CarillonPluginTesting
import Testing

@Suite struct PluginHarnessTests {
  @Test func aWholeRun() async throws {
    let harness = PluginHarness(Counter.self)
    let manifest = try await harness.manifest()
    #expect((manifest.id, manifest.maxInFlight) == ("counter", 4))
    let record = try await harness.run()
    #expect(record.items.map(\.key) == (0..<20).map(String.init))
    #expect(record.completion("4")?.output == "4")
    #expect(record.completion("5")?.reason == "odd")
    #expect(record.discoveryCheckpoints == ["1", "6", "11", "16"])
  }

  @Test func discoveryBeginsWithTheScriptsCheckpoint() async throws {
    var script = Script()
    script.discoveryCheckpoint = "18"
    #expect(try await PluginHarness(Counter.self, script: script).run().items.count == 2)
  }

  @Test func stepsOutOfOrderAreRefused() async throws {
    let harness = PluginHarness(Counter.self)
    await #expect(throws: HarnessError.self) { try await harness.discover() }
    try await harness.create()
    await #expect(throws: HarnessError.self) { try await harness.create() }
    try await harness.destroy()
  }

  @Test func eventsOfARetriedItemAreDropped() async throws {
    struct Retrying: Plugin {
      static let manifest = Manifest(id: "retrying", version: "1")
      init(config: NoConfig) {}
      func discover(_ run: RunContext, into sink: ItemSink<Int>) throws { try sink.emit(key: "a", 1) }
      func process(_ item: ItemContext<Int>) async throws -> Outcome {
        try item.emitEvent("done", 1)
        return .retry("not yet")
      }
    }
    #expect(try await PluginHarness(Retrying.self).run().events == [])
  }

  @Test func anErrorOfProcessGoesToTheItemsLeftOpen() async throws {
    let plugin = try PluginUnderTest(entry: {
      var table = CPlugin.good
      table.process = { instance, _, _ in
        let host = instance!.assumingMemoryBound(to: UnsafePointer<carillon_host>.self).pointee
        host.pointee.error(host, CPlugin.bytes("disk full"))
        return CARILLON_ERROR
      }
      return CPlugin.descriptor(table)
    })
    let record = try await PluginHarness(plugin).run()
    #expect(record.completions.map(\.reason) == ["disk full", "disk full"])
    #expect(record.completions.allSatisfy { $0.kind == .retry && !$0.isByPlugin })
  }

  @Test func aLibraryThatIsNoneIsRefused() {
    #expect(throws: HarnessError.self) { try PluginUnderTest(library: "/nonexistent.so") }
    // Loads, but exports no entry.
    #expect(throws: HarnessError.self) { try PluginUnderTest(library: "libm.so.6") }
  }
}
