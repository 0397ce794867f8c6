import CCarillonPlugin
import CarillonPlugin
import CarillonPluginTesting
import Testing

/// The kit finds each fault that a plugin is made to have, and none in one without.
@Suite struct ConformanceTests {
  @Test func aGoodPluginHasNoFindings() async {
    #expect(await Conformance.check(PluginUnderTest(Counter.self)) == [])
  }

  @Test func aGoodCPluginHasNoFindings() async throws {
    let plugin = try PluginUnderTest(entry: { CPlugin.descriptor(CPlugin.good) })
    #expect(await Conformance.check(plugin) == [])
  }

  @Test func itemsLeftOpenAreFound() async throws {
    let plugin = try PluginUnderTest(entry: {
      var table = CPlugin.good
      table.process = { _, _, _ in CARILLON_OK }
      return CPlugin.descriptor(table)
    })
    #expect(await rules(plugin) == [.completion])
  }

  @Test func itemsCompletedTwiceAreFound() async throws {
    let plugin = try PluginUnderTest(entry: {
      var table = CPlugin.good
      table.process = { instance, _, batch in
        CPlugin.complete(instance, batch) + CPlugin.complete(instance, batch) > 0
          ? CARILLON_OK : CARILLON_OK
      }
      return CPlugin.descriptor(table)
    })
    #expect(await rules(plugin) == [.breach])
  }

  @Test func outcomesWithoutReasonAreFound() async throws {
    let plugin = try PluginUnderTest(entry: {
      var table = CPlugin.good
      table.process = { instance, _, batch in
        CPlugin.complete(instance, batch, kind: CARILLON_FAILED)
      }
      return CPlugin.descriptor(table)
    })
    #expect(await rules(plugin) == [.outcome])
  }

  @Test func aManifestThatIsNoneIsFound() async throws {
    let plugin = try PluginUnderTest(entry: {
      var table = CPlugin.good
      table.describe = { CPlugin.bytes(#"{"id": "Not An Id"}"#) }
      return CPlugin.descriptor(table)
    })
    #expect(await rules(plugin).contains(.manifest))
  }

  @Test func aShortDescriptorIsFound() async throws {
    let plugin = try PluginUnderTest(entry: {
      var table = CPlugin.good
      table.struct_size = 24
      return CPlugin.descriptor(table)
    })
    #expect(await rules(plugin) == [.descriptor])
  }

  @Test func aMissingFunctionAndAnotherMajorAreFound() async throws {
    let plugin = try PluginUnderTest(entry: {
      var table = CPlugin.good
      table.discover = nil
      table.abi_major = 9
      return CPlugin.descriptor(table)
    })
    #expect(await Conformance.check(plugin).map(\.rule) == [.descriptor, .descriptor])
  }

  @Test func aDiscoveryThatForgetsItemsAfterABreakIsFound() async {
    #expect(await rules(PluginUnderTest(Forgetful.self)) == [.resumption])
  }

  @Test func aPlanThatActsIsFound() async {
    #expect(await rules(PluginUnderTest(Hasty.self)) == [.plan])
  }

  @Test func cancellationThatIsIgnoredIsFound() async {
    let findings = await Conformance.check(PluginUnderTest(Deaf.self), grace: .milliseconds(50))
    #expect(Set(findings.map(\.rule)) == [.cancellation])
  }

  private func rules(_ plugin: PluginUnderTest) async -> Set<Finding.Rule> {
    Set(await Conformance.check(plugin).map(\.rule))
  }
}
