import CarillonPlugin
import CarillonPluginTesting
import Foundation
import Testing

@testable import Command

@Suite struct ConfigTests {
  private func findings(_ config: String) async throws -> [String] {
    try await PluginHarness(CommandPlugin.self, config: config).check().map(\.description)
  }

  @Test func aWholeConfigurationIsClean() async throws {
    let config = """
      {"shell": "/bin/sh", "command": "cat; echo \\"$1\\"", "arguments": ["{item.a}", 1, true],
       "items": {"command": ["cat", "/etc/hostname"], "format": "ndjson", "key": "a"}, "stdin": "item",
       "environment": {"A": 1, "B": true, "C": "x"}, "inherit": ["LC_*"], "directory": "/tmp", "umask": "077",
       "timeout": "1h30m", "grace": "10s", "background": "leave", "output": "text", "log_limit": "64KiB", "tail": "1KiB",
       "outcomes": {"succeeded": [0, "10-19"], "skipped": 3, "retry": ["75"], "failed": [], "other": "retry",
                    "signal": "retry", "timeout": "retry"}}
      """
    #expect(try await findings(config) == [])
    let decoded = try JSONDecoder().decode(CommandConfig.self, from: Data(config.utf8))
    #expect(decoded.timeout == .seconds(5_400) && decoded.umask == 0o077 && decoded.logLimit == 65_536)
    #expect(decoded.outcomes.succeeded.codes.count == 11)
  }

  @Test(
    arguments: [
      (#"{}"#, "error: the key \"command\" is missing"),
      (#"{"comand": ["true"]}"#, "is \"comand\" meant to be it?"),
      (#"{"command": ["true"], "time_out": "5s"}"#, "error: /time_out: unknown key \"time_out\"; did you mean \"timeout\"?"),
      (#"{"command": "true"}"#, "error: /command: is text, which only a shell can take apart"),
      (#"{"command": ["true"], "shell": true}"#, "error: /command: is a list of words; with a shell it is one text"),
      (#"{"command": []}"#, "error: /command: names no program"),
      (#"{"command": ["true"], "arguments": ["a"]}"#, "error: /arguments: are for a shell only"),
      (#"{"command": ["true"], "stdin": "item"}"#, "error: /stdin: there are no items"),
      (#"{"command": ["true"], "stdin": {"text": "a", "file": "/b"}}"#, "error: /stdin: needs either text or file"),
      (#"{"command": ["true"], "stdin": "itm"}"#, "must be none, item, {text: …} or {file: …}, is \"itm\""),
      (#"{"command": ["true"], "items": {"file": "list"}}"#, "error: /items/file: must be an absolute path"),
      (#"{"command": ["true"], "items": {"file": "/a", "command": ["b"]}}"#, "needs one of list, file and command"),
      (#"{"command": ["echo", "{item.a}"], "items": {"file": "/a"}}"#, "lines have no fields; set items.format: ndjson"),
      (#"{"command": ["true"], "timeout": "5"}"#, "must be a duration as 90s, 5m or 1h30m, is \"5\""),
      (#"{"command": ["true"], "umask": "089"}"#, "must be octal digits in quotes"),
      (#"{"command": ["true"], "tail": "64KiB"}"#, "error: /tail: is at most 8KiB"),
      (#"{"command": ["true"], "outcomes": {"retry": [1], "failed": ["0-9"]}}"#, "exit code 1 is in more than one list"),
      (#"{"command": ["true"], "outcomes": {"retry": [256]}}"#, "must be exit codes from 0 to 255"),
      (#"{"command": ["true"], "directory": "tmp"}"#, "error: /directory: must be an absolute path"),
      (#"{"command": ["true"], "user": "no-such-user"}"#, "error: /user: there is no user no-such-user"),
      (#"{"command": ["no-such-program"]}"#, "warning: /command/0: there is no program no-such-program"),
      (#"{"command": ["/no/such"]}"#, "warning: /command/0: /no/such is not there, or not executable"),
      (
        #"{"command": "echo {}", "shell": true, "items": ["a"]}"#,
        "warning: /command: in the text of a shell nothing is replaced"
      ),
    ])
  func whatIsWrongIsFound(_ config: String, _ expected: String) async throws {
    let found = try await findings(config)
    #expect(found.contains { $0.contains(expected) }, "\(found)")
  }

  @Test(arguments: [("90s", 90.0), ("1h30m", 5_400), ("250ms", 0.25), ("7d", 604_800), ("0", 0)])
  func durations(_ text: String, _ seconds: Double) {
    #expect(DurationText.parse(text).map { $0 / .seconds(1) } == seconds)
  }

  @Test(arguments: ["", "5", "s", "5x", "-5s", "1e9d"])
  func noDurations(_ text: String) { #expect(DurationText.parse(text) == nil) }
}
