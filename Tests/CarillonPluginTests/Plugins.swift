import CarillonPlugin
import CarillonPluginTesting

/// A plugin whose work is a closure: the closures are found by the name in the configuration, since a plugin's value is made
/// from JSON.
struct Scripted<Item: Codable & Sendable>: Plugin {
  struct Config: Codable, Sendable {
    var id: Int
  }

  static var manifest: Manifest { Manifest(id: "scripted", version: "1", maxInFlight: Self.limit) }
  static var limit: Int { 8 }

  private let work: Work<Item>

  init(config: Config) throws {
    guard let work = Registry.shared.find(config.id) as? Work<Item> else {
      throw PermanentError("no work of the id \(config.id)")
    }
    self.work = work
  }

  func discover(_ run: RunContext, into sink: ItemSink<Item>) async throws {
    try await work.discover(run, sink)
  }

  func process(_ item: ItemContext<Item>) async throws -> Outcome {
    try await work.process(item)
  }

  func finish(_ summary: RunSummary) async throws {
    try await work.finish(summary)
  }
}

/// What a scripted plugin does.
struct Work<Item: Codable & Sendable>: Sendable {
  var discover: @Sendable (RunContext, ItemSink<Item>) async throws -> Void = { _, _ in }
  var process: @Sendable (ItemContext<Item>) async throws -> Outcome = { _ in .succeeded }
  var finish: @Sendable (RunSummary) async throws -> Void = { _ in }

  /// A harness for a plugin that does this.
  func harness(_ script: Script = Script()) -> PluginHarness {
    PluginHarness(
      Scripted<Item>.self, config: #"{"id": \#(Registry.shared.add(self))}"#, script: script)
  }

  /// Runs it whole.
  func run(_ script: Script = Script()) async throws -> RunRecord {
    try await harness(script).run()
  }
}
