import CarillonPlugin
import CarillonPluginTesting
import Foundation
import Testing

@testable import Command

/// Runs the plugin through its C functions on a configuration written as JSON.
struct Bench {
  var script = Script()

  func run(_ config: String) async throws -> RunRecord {
    let record = try await PluginHarness(CommandPlugin.self, config: config, script: script).run()
    #expect(record.breaches.isEmpty)
    return record
  }

  /// The one item of a run without items.
  func once(_ config: String) async throws -> (completion: Completion, record: RunRecord) {
    let record = try await run(config)
    return (try #require(record.completion("run")), record)
  }

  /// A line of shell, with more configuration behind it.
  func shell(_ text: String, _ more: String = "") async throws -> (completion: Completion, record: RunRecord) {
    try await once(#"{"shell": true, "command": \#(json(text))\#(more.isEmpty ? "" : ", " + more)}"#)
  }
}

func json(_ text: String) -> String { ItemValue.text(text).json }

extension Completion {
  func report() throws -> CommandReport { try JSONDecoder().decode(CommandReport.self, from: Data(output.utf8)) }
}

extension RunRecord {
  func lines(_ level: Log.Level) -> [String] { logs.filter { $0.level == level }.map(\.message) }
}
