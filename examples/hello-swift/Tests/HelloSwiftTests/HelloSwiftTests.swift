import CarillonPluginTesting
import HelloSwift
import Testing

@Suite struct HelloSwiftTests {
  private let config = #"{"names": ["Ada", "Grace"], "greeting": "Hi"}"#

  @Test func greetsEverybody() async throws {
    let run = try await PluginHarness(HelloSwift.self, config: config).run()
    #expect(run.items.map(\.key) == ["Ada", "Grace"])
    #expect(run.completion("Ada")?.output == #"{"said":"Hi, Ada!"}"#)
    #expect(run.logs.map(\.message).sorted() == ["Hi, Ada!", "Hi, Grace!"])
  }

  @Test func aPlanSaysNothing() async throws {
    var script = Script()
    script.isPlan = true
    let run = try await PluginHarness(HelloSwift.self, config: config, script: script).run()
    #expect(run.completion("Ada")?.effect == #"{"say":"Hi, Ada!"}"#)
    #expect(run.logs.isEmpty)
  }

  @Test func keepsTheContract() async {
    let findings = await Conformance.check(PluginUnderTest(HelloSwift.self), config: config)
    #expect(findings.isEmpty)
  }
}
