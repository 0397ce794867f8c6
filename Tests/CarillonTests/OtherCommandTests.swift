import Foundation
import Testing

@Suite struct OtherCommandTests {
  @Test func jobs_are_listed_checked_and_shown() async throws {
    let box = try Sandbox()
    #expect(try await box.carillon("jobs").lines[1].contains("Greets some guests"))
    #expect(try await box.carillon("jobs", "check").output == "1 job in 1 file: valid\n")
    #expect(
      try await box.carillon("jobs", "show", "hello").output.contains("retry           5 attempts, exponential from 1s to 1h"))
    let json = try await box.carillon("jobs", "show", "hello", "--json").json()
    #expect((json["retry"] as? [String: Any])?["max_attempts"] as? Int == 5)
    try box.job("broken", "plugin: hello\nretrys: {}\nworkers: 0\n")
    #expect(try await box.carillon("jobs").errors == "1 file is not valid; see \"carillon jobs check\"\n")
    let check = try await box.carillon("jobs", "check", "--json")
    #expect(check.status == 65)
    #expect(((try check.json())["findings"] as? [Any])?.count == 2)
  }

  @Test func the_thumbnails_job_is_valid() async throws {
    let answer = try await Sandbox().carillon("jobs", "check", "--without-plugins", "\(Program.root)/jobs/thumbnails.yaml")
    #expect(answer.output == "1 job in 1 file: valid\n")
  }

  @Test func plugins_are_listed_and_checked() async throws {
    let box = try Sandbox()
    #expect(try await box.carillon("plugins").output.contains("Greets a number of items"))
    let json = try await box.carillon("plugins", "--json").json()
    #expect((json["plugins"] as? [[String: Any]])?.contains { $0["name"] as? String == "hello" } == true)
    #expect(try await box.carillon("plugins", "check", "hello").output.contains("plugin         hello-c 1.0.0"))
    try box.file("config.json", #"{"count": 0}"#)
    let check = try await box.carillon("plugins", "check", "hello", "--config", "config.json")
    #expect(check.status == 65)
    #expect(check.output.contains("config.json: /count: must be at least 1"))
  }

  @Test func a_new_plugin_in_C_builds_and_runs_at_once() async throws {
    let box = try Sandbox()
    box.environment["CARILLON_SDK"] = Program.root
    let new = try await box.carillon("plugins", "new", "square", "--language", "c")
    #expect(new.status == 0)
    #expect(new.lines.count == 4)
    #expect(try await box.carillon("plugins", "new", "square", "--language", "c").status == 73)
    // The commands that it printed, with this build's program for the installed one.
    let commands = new.lines.dropFirst().map { $0.trimmingCharacters(in: .whitespaces) }
    let script = "carillon() { $C \"$@\"; }; " + commands.joined(separator: " && ")
    let built = try await box.shell(script)
    #expect(built.status == 0, "\(built.errors)")
    #expect(built.output.contains("5: 5 succeeded"))
  }

  @Test func a_new_plugin_in_Swift_has_its_files() async throws {
    let box = try Sandbox()
    box.environment["CARILLON_SDK"] = Program.root
    let files =
      try await box.carillon("plugins", "new", "word-count", "--language", "swift", "--json").json()["files"] as? [String]
    #expect(files?.contains("Sources/WordCountPluginEntry/Entry.swift") == true)
    #expect(files?.contains("jobs/word-count.yaml") == true)
  }

  @Test func a_backup_is_a_store() async throws {
    let box = try Sandbox()
    #expect(try await box.carillon("run", "hello").status == 0)
    #expect(try await box.carillon("backup", "copy.db").status == 0)
    #expect(try await box.carillon("backup", "copy.db").status == 73)
    #expect(try await box.carillon("backup", "copy.db", "--force").status == 0)
    #expect(try await box.shell("mkdir other && cp copy.db other/carillon.db && $C runs --state-dir other").lines.count == 2)
  }

  @Test func prune_removes_what_is_old() async throws {
    let box = try Sandbox()
    #expect(try await box.carillon("run", "hello").status == 0)
    #expect(try await box.carillon("prune").output == "removed 0 runs and 0 items of other runs\n")
    let preview = try await box.carillon("prune", "--dry-run", "--succeeded-items", "0")
    #expect(preview.output == "would remove 0 runs and 5 items of other runs\n")
    #expect(try await box.carillon("prune", "--succeeded-items", "0").output == "removed 0 runs and 5 items of other runs\n")
    #expect(try await box.carillon("prune", "--runs", "0", "--dry-run").output.hasPrefix("would remove 1 run "))
    #expect(try await box.carillon("prune", "--runs", "0").output.hasPrefix("removed 1 run "))
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(box.folder)/state/logs").isEmpty)
    #expect(try await box.carillon("runs").errors == "no runs\n")
  }

  @Test func doctor_finds_what_is_wrong() async throws {
    let box = try Sandbox()
    #expect(try await box.carillon("run", "hello").status == 0)
    #expect(try await box.carillon("doctor").status == 0)
    try box.job("broken", "plugin: hello\nretrys: {}\n")
    #expect(try await box.carillon("doctor").status == 65)
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: "\(box.folder)/state/carillon.db"))
    try file.seek(toOffset: 4_096)
    try file.write(contentsOf: Data(repeating: 0x5a, count: 8_192))
    try file.close()
    let damaged = try await box.carillon("doctor")
    #expect(damaged.status == 74)
    #expect(damaged.output.contains("FAIL store: "))
  }

  @Test func version_help_and_completions() async throws {
    let box = try Sandbox()
    #expect(try await box.carillon("version").output.hasPrefix("carillon "))
    #expect(try await box.carillon("--version").status == 0)
    let version = try await box.carillon("version", "--json").json()
    #expect(version["version"] is String)
    #expect(try await box.carillon("--help").output.contains("doctor"))
    #expect(try await box.carillon("run", "--help").output.contains("--plan"))
    #expect(try await box.carillon("run", "show", "--help").output.contains("<run>"))
    #expect(try await box.carillon("items", "--help").output.contains("--after"))
    #expect(try await box.carillon("run", "--plan", "hello").status == 0)
    for shell in ["bash", "zsh", "fish"] {
      #expect(try await box.carillon("--generate-completion-script", shell).output.contains("retry"))
    }
  }

  /// `script` gives the program a terminal: a bar that is redrawn, colours, and the summary below.
  @Test func a_terminal_gets_a_bar() async throws {
    let box = try Sandbox()
    try box.misbehaving("slow", items: 60, microseconds: 10_000)
    box.environment["TERM"] = "xterm"
    let answer = try await box.shell("script -qec \"stty cols 90; $C run slow\" /dev/null")
    #expect(answer.status == 0)
    #expect(answer.output.contains("█") && answer.output.contains("/60"))
    #expect(answer.output.contains("\u{1b}[32msucceeded"))
    let bars = answer.output.split(whereSeparator: { $0 == "\r" || $0 == "\r\n" }).filter { $0.contains("░") }
    #expect(bars.allSatisfy { $0.replacing("\u{1b}[K", with: "").count < 90 })
    #expect(try await !box.carillon("run", "slow").errors.contains("█"))
  }
}
