import CarillonPlugin
import CarillonPluginTesting
import Foundation
import Testing

@testable import Command

/// Items, and how a command is given them.
@Suite(.timeLimit(.minutes(2))) struct ItemsTests {
  private let bench = Bench()
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func printed(_ record: RunRecord) throws -> [String: String] {
    Dictionary(uniqueKeysWithValues: try record.completions.map { ($0.key, try $0.report().stdout ?? "") })
  }

  @Test func aListInTheConfiguration() async throws {
    let record = try await bench.run(
      #"{"command": ["printf", "%s|", "{}", "<{item.port}>", "{key}", "{print}"], "items": [{"key": "a", "port": 80}, {"id": 7, "port": "x y"}, {"port": null}]}"#
    )
    #expect(
      try printed(record) == [
        "a": #"{"key":"a","port":80}|<80>|a|{print}|"#, "7": #"{"id":7,"port":"x y"}|<x y>|7|{print}|"#,
        "item-3": #"{"port":null}|<>|item-3|{print}|"#,
      ])
  }

  @Test func textsInTheConfiguration() async throws {
    let record = try await bench.run(#"{"command": ["echo", "-{}-"], "items": ["a b", "$(reboot)", 5]}"#)
    #expect(try printed(record) == ["a b": "-a b-\n", "$(reboot)": "-$(reboot)-\n", "5": "-5-\n"])
  }

  @Test func linesOfAFile() async throws {
    let file = try scratch.write("list", "one\r\n\n two \none\nlast")
    let record = try await bench.run(#"{"command": ["echo", "{}"], "items": {"file": "\#(file)"}}"#)
    #expect(record.items.map(\.key) == ["one", " two ", "last"])
    #expect(record.duplicateItems == 1)
    #expect(try printed(record)[" two "] == " two \n")
  }

  @Test func objectsOfAFile() async throws {
    let file = try scratch.write(
      "list", #"{"host": {"name": "a"}, "ports": [1, 2]}"# + "\n" + #"{"host": {"name": "b"}, "ports": []}"# + "\n")
    let record = try await bench.run(
      #"{"command": ["echo", "{item.host.name}", "{item.ports.0}"], "items": {"file": "\#(file)", "format": "ndjson", "key": "host.name"}}"#
    )
    #expect(record.completion("a")?.kind == .succeeded)
    #expect(record.completion("b")?.reason == "the item has no field \"ports.0\", which the command is to be given")
    #expect(record.completion("b")?.kind == .failed)
  }

  @Test func namesThatAreNoText() async throws {
    let record = try await bench.run(
      #"{"command": ["sh", "-c", "printf %s \"$1\" | od -An -tx1", "sh", "{}"], "items": {"command": "printf 'a\\377\\000b\\nc\\000'", "shell": true, "format": "nul"}}"#
    )
    #expect(record.items.count == 2)
    #expect(record.items[0].key.hasPrefix("a\u{FFFD}#") && record.items[1].key == "b\nc")
    #expect(try Set(printed(record).values) == [" 61 ff\n", " 62 0a 63\n"])
  }

  @Test func aCommandLists() async throws {
    let record = try await bench.run(
      #"{"command": ["echo", "{}"], "items": {"command": ["seq", "25000", "25003"]}, "environment": {"A": "b"}}"#)
    #expect(record.items.map(\.key) == ["25000", "25001", "25002", "25003"])
  }

  @Test func aCommandThatCannotList() async throws {
    let harness = PluginHarness(
      CommandPlugin.self,
      config: #"{"command": ["echo"], "items": {"shell": true, "command": "echo a; echo broken >&2; exit 3"}}"#)
    try await harness.create()
    let error = await #expect(throws: HarnessError.self) { try await harness.discover() }
    #expect(error?.message.contains("the command that lists the items exited with 3: broken") == true)
    try await harness.destroy()
    let missing = PluginHarness(CommandPlugin.self, config: #"{"command": ["echo"], "items": {"file": "/no/such/list"}}"#)
    try await missing.create()
    await #expect(throws: HarnessError.self) { try await missing.discover() }
    try await missing.destroy()
  }

  @Test func aShellGetsItemsAsParametersOnly() async throws {
    let hostile = #"a"; echo injected; $(touch \#(scratch.path)/bad) `id` 'q"#
    let record = try await bench.run(
      #"{"shell": true, "command": "printf '%s|' \"$0\" \"$#\" \"$1\" \"$CARILLON_ITEM\" '{}'", "items": [\#(json(hostile))]}"#)
    #expect(try Array(printed(record).values) == ["sh|1|\(hostile)|\(hostile)|{}|"])
    #expect(!scratch.has("bad"))
    let named = try await bench.run(
      #"{"shell": "/bin/bash", "command": "printf '%s|' \"$@\"", "arguments": ["{item.a}", "x{key}", 3], "items": [{"id": "k", "a": "1 2"}]}"#
    )
    #expect(try printed(named) == ["k": "1 2|xk|3|"])
  }

  @Test func withoutItemsNothingIsReplaced() async throws {
    let (completion, _) = try await bench.once(#"{"command": ["echo", "{}", "{key}", "{item.a}"]}"#)
    #expect(try completion.report().stdout == "{} {key} {item.a}\n")
  }

  @Test func anItemOnStandardInput() async throws {
    let long = String(repeating: "y", count: 200_000)
    let file = try scratch.write("list", "\(long)\nshort\n")
    let record = try await bench.run(#"{"command": ["wc", "-c"], "stdin": "item", "items": {"file": "\#(file)"}}"#)
    #expect(try Set(printed(record).values) == ["200000\n", "5\n"])
    #expect(record.items[0].key.utf8.count < 300)
  }

  @Test func aLineThatIsTooLongIsNotDroppedInSilence() async throws {
    let file = try scratch.write("list", "a\n" + String(repeating: "z", count: 300_000))
    let harness = PluginHarness(CommandPlugin.self, config: #"{"command": ["echo"], "items": {"file": "\#(file)"}}"#)
    try await harness.create()
    let error = await #expect(throws: HarnessError.self) { try await harness.discover() }
    #expect(error?.message.contains("line 2 has more than 256 KiB") == true)
    try await harness.destroy()
  }

  @Test func aBrokenDiscoveryGoesOnAtItsCheckpoint() async throws {
    let file = try scratch.write("list", (1...25_000).map { "\($0)\n" }.joined())
    var script = Script()
    script.breakDiscoveryAt = 15_000
    let harness = PluginHarness(
      CommandPlugin.self, config: #"{"command": ["true"], "items": {"file": "\#(file)"}}"#, script: script)
    try await harness.create()
    await #expect(throws: HarnessError.self) { try await harness.discover() }
    #expect(harness.record.discoveryCheckpoints == ["10000"])
    try await harness.discover()
    try await harness.destroy()
    #expect(harness.record.items.count == 25_000)
    #expect(harness.record.discoveryCheckpoints == ["10000", "20000"])
    // Not all of them were named again.
    #expect(harness.record.duplicateItems < 5_000)
  }
}

@Suite struct ArgumentTemplateTests {
  private func filled(_ text: String) throws -> String {
    let item = try CommandItem(Array(#"{"a": {"b-c": [10, {"d": "e"}]}, "t": "{key}"}"#.utf8), isJSON: true)
    return String(decoding: try ArgumentTemplate(text).filled(with: item, key: "K"), as: UTF8.self)
  }

  @Test(
    arguments: [
      ("", ""), ("plain", "plain"), ("{key}{key}", "KK"), ("a{item.a.b-c.0}z", "a10z"), ("{item.a.b-c.1.d}", "e"),
      ("{item.a.b-c}", #"[10,{"d":"e"}]"#), ("{item.t}", "{key}"), ("{{}}", "{}"), ("{{key}}", "{key}"), ("{{{}}}", "{{}}"),
      ("{ }", "{ }"), ("{item.}", "{item.}"), ("{itemx}", "{itemx}"), ("{", "{"), ("$1 ${x}", "$1 ${x}"),
    ])
  func placesAreFilled(_ text: String, _ expected: String) throws {
    #expect(try filled(text) == expected)
  }

  @Test func nothingIsFilledTwice() throws {
    #expect(try filled("{item.t}{key}") == "{key}K")
  }

  @Test func whatCannotBeFilled() throws {
    #expect(throws: CommandError.self) { try filled("{item.nothing}") }
    let nul = try CommandItem([97, 0], isJSON: false)
    #expect(throws: CommandError.self) { try ArgumentTemplate("{}").filled(with: nul, key: "") }
  }
}
