import CarillonPlugin
import CarillonPluginTesting
import Foundation
import Testing

@testable import Command

/// Commands that cannot be started, and what a started one finds around it.
@Suite struct StartTests {
  private let bench = Bench()
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func failure(_ config: String) async throws -> Completion { try await bench.once(config).completion }

  @Test func aMissingProgramIsNamedAndFailsForGood() async throws {
    let bare = try await failure(#"{"command": ["no-such-program", "x"]}"#)
    #expect(bare.kind == .failed && bare.reason.hasPrefix("there is no program no-such-program in /usr/local/sbin:"))
    let path = try await failure(#"{"command": ["\#(scratch.path)/none"]}"#)
    #expect(path.kind == .failed && path.reason == "there is no program \(scratch.path)/none")
    let shell = try await failure(#"{"shell": "/bin/nosh", "command": "true"}"#)
    #expect(shell.kind == .failed && shell.reason == "there is no program /bin/nosh")
  }

  @Test func whatIsThereButNoProgram() async throws {
    let plain = try scratch.write("plain", "#!/bin/sh\n")
    let reason = try await failure(#"{"command": ["\#(plain)"]}"#)
    #expect(reason.kind == .failed && reason.reason == "\(plain) cannot be run: Permission denied")
    let searched = try await failure(#"{"command": ["plain"], "environment": {"PATH": "\#(scratch.path)"}}"#)
    #expect(searched.kind == .failed && searched.reason.hasPrefix("\(plain) is not executable (chmod +x)"))
    let garbage = try scratch.write("garbage", "neither\n", mode: 0o755)
    #expect(try await failure(#"{"command": ["\#(garbage)"]}"#).reason.contains("no script that begins with #!"))
    let orphan = try scratch.write("orphan", "#!/no/such/interpreter\n", mode: 0o755)
    let missing = try await failure(#"{"command": ["\#(orphan)"]}"#)
    #expect(missing.kind == .failed && missing.reason.hasSuffix("the interpreter that it names is not there"))
  }

  @Test func aMissingFolderOrFileMayComeBack() async throws {
    let folder = try await failure(#"{"command": ["true"], "directory": "\#(scratch.path)/none"}"#)
    #expect(folder.kind == .retry && folder.reason.hasPrefix("the working directory \(scratch.path)/none cannot be entered"))
    let file = try await failure(#"{"command": ["true"], "stdin": {"file": "\#(scratch.path)/none"}}"#)
    #expect(file.kind == .retry && file.reason.hasPrefix("\(scratch.path)/none cannot be opened for standard input"))
  }

  @Test func tooManyArguments() async throws {
    let long = String(repeating: "x", count: 200_000)
    let completion = try await failure(#"{"command": ["echo", "\#(long)"]}"#)
    #expect(completion.kind == .failed && completion.reason.contains("too long; hand items over with `stdin: item`"))
  }

  @Test func theEnvironmentIsItsOwn() async throws {
    setenv("COMMAND_TEST_SECRET", "leaked", 1)
    setenv("COMMAND_TEST_WANTED", "kept", 1)
    let completion = try await failure(
      #"{"command": ["env"], "environment": {"PORT": 8080, "A": "b c$HOME"}, "inherit": ["COMMAND_TEST_W*"]}"#)
    let lines = Set(try #require(try completion.report().stdout).split(separator: "\n").map(String.init))
    #expect(lines.contains("COMMAND_TEST_WANTED=kept"))
    #expect(lines.contains("PORT=8080") && lines.contains("A=b c$HOME"))
    #expect(lines.contains("PATH=\(Environment.path)"))
    #expect(lines.contains("CARILLON_RUN_ID=run-1") && lines.contains("CARILLON_ITEM_KEY=run"))
    #expect(lines.contains("CARILLON_ATTEMPT=1") && lines.contains("CARILLON_IDEMPOTENCY_KEY=run-1/run"))
    let names = Set(lines.map { $0.prefix { $0 != "=" } })
    #expect(
      names == [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "PORT", "A", "COMMAND_TEST_WANTED", "CARILLON_RUN_ID",
        "CARILLON_JOB", "CARILLON_ITEM_KEY", "CARILLON_ATTEMPT", "CARILLON_IDEMPOTENCY_KEY",
      ])
  }

  /// A run by hand stands for no instant: the names above are all there are.
  @Test func itIsToldTheInstantThatItRunsFor() async throws {
    var bench = bench
    bench.script.dueAtUs = 1_772_330_400_000_000
    let completion = try await bench.once(#"{"command": ["env"]}"#).completion
    #expect(try #require(try completion.report().stdout).contains("CARILLON_DUE_AT=2026-03-01T02:00:00Z\n"))
  }

  @Test func noDescriptorLeaks() async throws {
    // Held open without FD_CLOEXEC, as a library of another author might.
    let leaked = open("/etc/passwd", O_RDONLY)
    defer { close(leaked) }
    let completion = try await failure(#"{"command": ["ls", "-l", "/proc/self/fd"], "stdin": {"text": "x"}}"#)
    let lines = try #require(try completion.report().stdout).split(separator: "\n").filter { $0.contains("->") }
    // The fourth is ls's own, on the folder it lists.
    #expect(lines.count == 4, "\(lines)")
    #expect(!lines.contains { $0.contains("passwd") })
  }

  @Test func signalsGroupAndFileModeAreAsOnAFreshLogin() async throws {
    let (completion, _) = try await bench.shell(
      "grep -E '^Sig(Blk|Ign)' /proc/self/status; umask; ps -o pid=,pgid=,sid= -p $$ | tr -s ' '; echo $$",
      #""umask": "027""#)
    let lines = try #require(try completion.report().stdout).split(separator: "\n").map(String.init)
    #expect(lines[0] == "SigBlk:\t0000000000000000")
    #expect(lines[1] == "SigIgn:\t0000000000000000")
    #expect(lines[2] == "0027")
    let ids = lines[3].split(separator: " ")
    #expect(Set(ids) == [Substring(lines[4])], "its own session and group")
  }

  @Test(.enabled(if: geteuid() == 0, "takes root")) func anotherUser() async throws {
    let (completion, _) = try await bench.shell(
      "id -un; id -gn; id -G; grep -E '^(Uid|Gid|Groups)' /proc/self/status; echo $HOME $USER; pwd; cat /etc/shadow",
      #""user": "nobody""#)
    #expect(completion.kind == .failed)
    #expect(completion.reason == "exited with 1: cat: /etc/shadow: Permission denied")
    let report = try completion.report()
    let lines = try #require(report.stdout).split(separator: "\n").map(String.init)
    #expect(lines[0] == "nobody" && lines[1] == "nogroup" && lines[2] == "65534")
    #expect(lines[3] == "Uid:\t65534\t65534\t65534\t65534" && lines[4] == "Gid:\t65534\t65534\t65534\t65534")
    #expect(lines[6].hasSuffix(" nobody") && lines[7] == "/")
    #expect(report.stderr?.contains("Permission denied") == true)
    let group = try await bench.shell("id -gn", #""user": "nobody", "group": "daemon""#).completion
    #expect(try group.report().stdout == "daemon\n")
  }

  @Test(.enabled(if: geteuid() == 0, "takes root")) func standardInputIsOpenedAsTheUser() async throws {
    try scratch.write("secret", "x", mode: 0o600)
    let completion = try await failure(
      #"{"command": ["cat"], "user": "nobody", "directory": "/", "stdin": {"file": "\#(scratch.path)/secret"}}"#)
    #expect(completion.kind == .retry && completion.reason.hasSuffix("Permission denied"))
  }

  @Test func accountsThatAreNotThere() async throws {
    let completion = try await failure(#"{"command": ["true"], "user": "no-such-user"}"#)
    #expect(completion.kind == .failed && completion.reason == "there is no user no-such-user on this machine")
    let group = try await failure(#"{"command": ["true"], "group": "no-such-group"}"#)
    #expect(group.kind == .failed && group.reason == "there is no group no-such-group on this machine")
  }
}
