import CarillonPlugin
import CarillonPluginTesting
import FoundationEssentials
import Testing

@Suite struct ConfigTests {
  private struct Source: Codable, Sendable {
    var url: URL
    var since: Date?
    var tags: [String: Int]?
  }

  private enum Mode: Codable, Sendable {
    case fast
    case slow(delay: Int)
  }

  private struct Config: Codable, Sendable {
    var recipient: String
    var retries: Int?
    var sources: [Source]?
    var mode: Mode?
    var speed: Speed?
    var speeds: [Speed]?
  }

  private enum Speed: String, Codable, Sendable, CaseIterable {
    case slow, walking, fast
  }

  private struct Configured: Plugin {
    typealias Config = ConfigTests.Config
    static let manifest = Manifest(id: "configured", version: "1")

    static func check(_ config: Config) -> [Diagnostic] {
      config.recipient.isEmpty ? [.error("is empty", at: "/recipient"), .warning("odd")] : []
    }

    init(config: Config) throws {
      if config.retries == 13 { throw PermanentError("thirteen") }
    }

    func discover(_ run: RunContext, into sink: ItemSink<Int>) async throws {}
    func process(_ item: ItemContext<Int>) async throws -> Outcome { .succeeded }
  }

  private func check(_ config: String) async throws -> [Diagnostic] {
    try await PluginHarness(Configured.self, config: config).check()
  }

  @Test func aGoodOneHasNoFindings() async throws {
    let config = """
      {"recipient": "a", "retries": null, "mode": {"slow": {"delay": 3}}, "sources":
      [{"url": "http://a/b", "since": "2026-01-02T03:04:05Z", "tags": {"any": 1, "key": 2}}]}
      """
    #expect(try await check(config) == [])
  }

  @Test func unknownKeysAreFoundAtAnyDepthWithASuggestion() async throws {
    let config = """
      {"recipient": "a", "retires": 3, "sources": [{"url": "http://a"}, {"url": "b", "sinze": 1}],
      "a/b~": 1, "mode": {"slow": {"delay": 1, "colour": 2}}}
      """
    let found = try await check(config)
    #expect(found.allSatisfy { $0.severity == .error })
    let byPointer = Dictionary(uniqueKeysWithValues: found.map { ($0.pointer, $0.message) })
    #expect(
      Set(byPointer.keys) == ["/retires", "/a~1b~0", "/sources/1/sinze", "/mode/slow/colour"])
    #expect(byPointer["/retires"]?.contains("did you mean \"retries\"?") == true)
    #expect(byPointer["/sources/1/sinze"]?.contains("did you mean \"since\"?") == true)
    #expect(byPointer["/mode/slow/colour"]?.contains("known here: delay") == true)
  }

  @Test(arguments: [
    (#"{"recipient": 3}"#, "/recipient", "String"),
    (
      #"{"recipient": "a", "sources": [{"url": "a"}, {"url": "b", "since": "soon"}]}"#,
      "/sources/1/since", ""
    ),
    (#"{"recipient": "a", "sources": [{"url": 7}]}"#, "/sources/0/url", ""),
    (#"{"recipeint": "a"}"#, "", "is \"recipeint\" meant to be it?"),
    (
      #"{"recipient": "a", "speed": "fasd"}"#, "/speed",
      "is \"fasd\", and must be one of slow, walking, fast; is \"fast\" meant?"
    ),
    (#"{"recipient": "a", "speeds": ["slow", "x"]}"#, "/speeds/1", "is \"x\", and must be one of slow, walking, fast"),
    (#"{"recipient": "a", "speed": 3}"#, "/speed", "String"),
    ("", "", "recipient"),
    ("{", "", "JSON"),
  ])
  func whatCannotBeDecodedIsOneFinding(config: String, pointer: String, text: String) async throws {
    let found = try await check(config)
    #expect(found.count == 1)
    #expect(found.first?.severity == .error)
    #expect(found.first?.pointer == pointer)
    #expect(found.first?.message.contains(text) == true || text.isEmpty, "\(found)")
  }

  @Test func thePluginsOwnFindingsFollow() async throws {
    let found = try await check(#"{"recipient": "", "x": 1}"#)
    #expect(found.map(\.pointer) == ["/x", "/recipient", ""])
    #expect(found.last?.severity == .warning)
  }

  @Test func createSaysWhyItFails() async throws {
    let harness = PluginHarness(Configured.self, config: #"{"recipient": 3}"#)
    await #expect(throws: HarnessError.self) { try await harness.create() }
    #expect(harness.record.errors.first?.contains("/recipient") == true)
    let unlucky = PluginHarness(Configured.self, config: #"{"recipient": "a", "retries": 13}"#)
    await #expect(throws: HarnessError.self) { try await unlucky.create() }
    #expect(unlucky.record.errors == ["thirteen"])
  }

  @Test func noConfigTakesNoKeys() async throws {
    struct Bare: Plugin {
      static let manifest = Manifest(id: "bare", version: "1")
      init(config: NoConfig) {}
      func discover(_ run: RunContext, into sink: ItemSink<Int>) async throws {}
      func process(_ item: ItemContext<Int>) async throws -> Outcome { .succeeded }
    }
    #expect(try await PluginHarness(Bare.self).check() == [])
    #expect(try await PluginHarness(Bare.self, config: #"{"a": 1}"#).check().count == 1)
  }
}
