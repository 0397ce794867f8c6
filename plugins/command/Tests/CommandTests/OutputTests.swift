import CarillonPlugin
import CarillonPluginTesting
import Foundation
import Testing

@testable import Command

/// What is printed and what is read.
@Suite(.timeLimit(.minutes(2))) struct OutputTests {
  private let bench = Bench()

  @Test func tenMegabytesAreReadAndOneIsLogged() async throws {
    let (completion, record) = try await bench.shell("yes 0123456789abcdef | head -c 10000000; echo; echo end")
    let report = try completion.report()
    #expect(report.stdoutBytes == 10_000_005)
    #expect(report.stdout?.hasSuffix("\nend\n") == true && report.stdout?.utf8.count == 4_096)
    let lines = record.lines(.info)
    let logged = lines.reduce(0) { $0 + $1.utf8.count + 1 }
    #expect((1 << 20) - 32...(1 << 20) + 1 ~= logged, "\(logged)")
    #expect(record.lines(.warning) == ["\(10_000_005 - (1 << 20)) more bytes of stdout are not in the log"])
  }

  @Test func limitsAreConfigured() async throws {
    let (completion, record) = try await bench.shell(
      "echo 12345678; echo abcdefgh >&2; echo more >&2", #""log_limit": 12, "tail": "3B""#)
    #expect(record.lines(.info) == ["12345678"])
    #expect(record.lines(.warning) == ["abcdefgh", "mor", "2 more bytes of stderr are not in the log"])
    let report = try completion.report()
    #expect(report.stdout == "78\n" && report.stderr == "re\n")
  }

  @Test func bytesThatAreNoText() async throws {
    let (completion, record) = try await bench.shell("head -c 300000 /dev/urandom; printf '\\000\\377\\033[31mred\\n'")
    #expect(completion.kind == .succeeded)
    let report = try completion.report()
    #expect(report.stdoutBytes == 300_011)
    #expect(report.stdout?.hasSuffix("\u{FFFD}\u{FFFD}\u{FFFD}[31mred\n") == true)
    #expect(!record.lines(.info).isEmpty)
  }

  @Test func aLineWithoutAnEndIsCutIntoPieces() async throws {
    let (_, record) = try await bench.shell("head -c 20000 /dev/zero | tr '\\0' x")
    #expect(record.lines(.info).map(\.utf8.count) == [8_192, 8_192, 3_616])
  }

  @Test func inputLargerThanAPipe() async throws {
    let text = String(repeating: "line of input\n", count: 100_000)
    let (completion, _) = try await bench.once(#"{"command": ["md5sum"], "stdin": {"text": \#(json(text))}}"#)
    #expect(try completion.report().stdout == "45f3df2d545026c3d17338d75efaaf0a  -\n")
    // Both pipes full at once: neither side may wait for the other.
    let echoed = try await bench.once(#"{"command": ["cat"], "stdin": {"text": \#(json(text))}}"#).completion
    #expect(try echoed.report().stdoutBytes == 1_400_000)
  }

  @Test func inputThatNobodyReads() async throws {
    let text = String(repeating: "x", count: 1_000_000)
    let (completion, _) = try await bench.once(#"{"command": ["head", "-c", "1"], "stdin": {"text": "\#(text)"}}"#)
    #expect(try completion.report().stdout == "x")
    let closed = try await bench.once(
      #"{"shell": true, "command": "exec <&-; sleep 0.1; echo on", "stdin": {"text": "\#(text)"}}"#)
    #expect(try closed.completion.report().stdout == "on\n")
  }

  @Test func aBrokenPipeInsideIsTheCommandsOwn() async throws {
    // SIGPIPE must be as on a fresh login, or `yes` would complain of an error instead.
    let (completion, _) = try await bench.shell("yes | head -n 1")
    let report = try completion.report()
    #expect(report.stdout == "y\n" && report.stderrBytes == 0)
  }

  @Test func noInputIsAnEmptyOne() async throws {
    #expect(try await bench.shell("wc -c").completion.report().stdout == "0\n")
  }

  @Test func nothingIsLeftBehind() async throws {
    func descriptors() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
    /// Those of the servers that other tests keep too: a child belongs to the thread that made it, or to one that outlived that.
    func children() throws -> Set<Substring> {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").reduce(into: []) { all, thread in
        let path = "/proc/self/task/\(thread)/children"
        guard let file = FileManager.default.contents(atPath: path) else { return }  // the thread has ended
        all.formUnion(String(decoding: file, as: UTF8.self).split(separator: " "))
      }
    }
    _ = try await bench.shell("true")
    let (before, childrenBefore) = (try descriptors(), try children())
    let items = (1...200).map { "\"\($0)\"" }.joined(separator: ",")
    let record = try await bench.run(#"{"command": ["echo", "{}"], "items": [\#(items)]}"#)
    #expect(record.completions.count { $0.kind == .succeeded } == 200)
    _ = try await bench.run(#"{"command": ["no-such-program", "{}"], "items": ["1", "2", "3"]}"#)
    #expect(try await eventually { try descriptors() <= before })
    #expect(try children().subtracting(childrenBefore).isEmpty)
  }
}
