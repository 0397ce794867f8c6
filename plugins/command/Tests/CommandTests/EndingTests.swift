import CarillonPlugin
import CarillonPluginTesting
import Foundation
import Testing

@testable import Command

/// How commands end, and what that means.
@Suite struct EndingTests {
  private let bench = Bench()

  @Test func aCommandThatSucceeds() async throws {
    let (completion, record) = try await bench.shell("echo one; echo two >&2; printf three")
    #expect(completion.kind == .succeeded)
    let report = try completion.report()
    #expect(report.exitCode == 0 && report.signal == nil && report.stopped == nil)
    #expect(report.stdout == "one\nthree" && report.stderr == "two\n")
    #expect(report.stdoutBytes == 9 && report.stderrBytes == 4)
    #expect(report.durationS > 0 && report.maxRSSKiB > 0)
    #expect(record.lines(.info) == ["one", "three"])
    #expect(record.lines(.warning) == ["two"])
    #expect(record.logs.allSatisfy { $0.item == "run" })
  }

  @Test func processorTimeIsThatOfTheCommand() async throws {
    let (completion, _) = try await bench.shell("i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done")
    let report = try completion.report()
    #expect(report.userS > 0.02)
    #expect(report.durationS >= report.userS * 0.5)
  }

  @Test(arguments: [(1, Outcome.Kind.failed), (75, .retry), (64, .failed), (127, .failed), (255, .failed)])
  func exitCodesUnlessSaidOtherwise(_ code: Int, _ kind: Outcome.Kind) async throws {
    let (completion, _) = try await bench.shell("echo first >&2; echo last words >&2; exit \(code)")
    #expect(completion.kind == kind)
    #expect(completion.reason == "exited with \(code): last words")
    #expect(try completion.report().exitCode == code)
  }

  @Test(
    arguments: [
      (0, Outcome.Kind.succeeded), (1, .retry), (2, .skipped), (24, .succeeded), (70, .failed), (75, .retry), (99, .retry),
    ])
  func exitCodesAsConfigured(_ code: Int, _ kind: Outcome.Kind) async throws {
    let rules = #""outcomes": {"succeeded": [0, 24], "skipped": 2, "failed": ["64-74"], "other": "retry"}"#
    #expect(try await bench.shell("exit \(code)", rules).completion.kind == kind)
  }

  @Test func aListTakesACodeFromTheOthersDefaults() async throws {
    #expect(try await bench.shell("exit 75", #""outcomes": {"failed": [75]}"#).completion.kind == .failed)
    #expect(try await bench.shell("exit 0", #""outcomes": {"skipped": [0]}"#).completion.kind == .skipped)
  }

  @Test func deathByASignalIsNamed() async throws {
    let (completion, _) = try await bench.shell("kill -SEGV $$")
    #expect(completion.kind == .failed && completion.reason == "was ended by SIGSEGV")
    let report = try completion.report()
    #expect(report.signal == "SIGSEGV" && report.exitCode == nil)
    #expect(try await bench.shell("kill -9 $$", #""outcomes": {"signal": "retry"}"#).completion.kind == .retry)
  }

  @Test func aJSONObjectAsOutput() async throws {
    let json = #""output": "json""#
    let (completion, record) = try await bench.shell(#"echo '{"b": [1, 2.5, null], "a": "ü"}'; echo note >&2"#, json)
    #expect(completion.kind == .succeeded && completion.output == #"{"a":"ü","b":[1,2.5,null]}"#)
    #expect(record.lines(.info) == [])
    #expect(record.lines(.warning) == ["note"])
    let other = try await bench.shell("echo '[1]'", json).completion
    #expect(other.kind == .failed && other.reason.contains("no JSON object"))
    let long = try await bench.shell("echo '{\"a\": \"'; head -c 70000 /dev/zero | tr '\\0' x; echo '\"}'", json).completion
    #expect(long.kind == .failed && long.reason.contains("printed 7001"))
    #expect(try await bench.shell("echo '{}'; exit 1", json).completion.reason == "exited with 1")
  }

  @Test func aPlanSaysWhatWouldBeRun() async throws {
    let scratch = try Scratch()
    var bench = bench
    bench.script.isPlan = true
    let (completion, _) = try await bench.once(
      #"{"command": ["touch", "\#(scratch.path)/done"], "directory": "/tmp", "stdin": {"text": "abc"}}"#)
    #expect(completion.kind == .succeeded && !scratch.has("done"))
    let effect = try #require(try JSONSerialization.jsonObject(with: Data(completion.effect.utf8)) as? [String: Any])
    #expect(effect["run"] as? [String] == ["touch", "\(scratch.path)/done"])
    #expect(["/usr/bin/touch", "/bin/touch"].contains(effect["program"] as? String))
    #expect(effect["directory"] as? String == "/tmp" && effect["stdin_bytes"] as? Int == 3)
  }
}
