import Foundation
import Testing

/// A wrong command, the exit code and the line that answer it.
struct BadInput: Sendable, CustomTestStringConvertible {
  var arguments: [String]
  var status: Int32
  var says: String

  init(_ line: String, _ status: Int32, _ says: String) {
    arguments = line.split(separator: " ").map(String.init)
    self.status = status
    self.says = says
  }

  var testDescription: String { arguments.joined(separator: " ") }
}

@Suite struct BadInputTests {
  static let commands: [BadInput] = [
    BadInput("frob", 64, #"there is no command "frob""#),
    BadInput("rnus", 64, #"there is no command "rnus"; did you mean "runs"?"#),
    BadInput("run", 64, "Missing expected argument '<job>'"),
    BadInput("run hello --frob", 64, "Unknown option '--frob'"),
    BadInput("run hello --set count", 64, "--set count: must be key=value"),
    BadInput("run hello --set count.x=1", 64, #"--set count.x: "x" would stand below a value that holds no keys"#),
    BadInput("run hello --set count=0", 65, "plugin hello-c does not accept the configuration of job hello"),
    BadInput("run helo", 66, #"there is no job "helo"; did you mean "hello"?; a job file is not valid"#),
    BadInput("run broken", 65, "job broken is not valid"),
    BadInput("run nowhere", 69, #"there is no plugin "nowher": searched "#),
    BadInput("run ./none.yaml", 66, "there is no job file ./none.yaml"),
    BadInput("run jobs/broken.yaml", 65, "jobs/broken.yaml is not a valid job file"),
    BadInput("run hello --jobs-dir /nowhere", 66, "the job folder /nowhere cannot be read: No such file or directory"),
    BadInput("run hello --state-dir /proc/x", 73, "cannot make the folder /proc/x"),
    BadInput("run show last", 66, "no run has been made yet"),
    BadInput("resume last", 66, ""),
    BadInput("retry last", 66, ""),
    BadInput("cancel last", 66, "no run has been made yet"),
    BadInput("logs last", 66, "no run has been made yet"),
    BadInput("artifacts last", 66, "no run has been made yet"),
    BadInput("item show last x", 66, "no run has been made yet"),
    BadInput("runs --state done", 64, #"--state "done" is no state of a run"#),
    BadInput("runs --limit 0", 64, "--limit must be 1 to 1000, is 0"),
    BadInput("items --state ded", 64, #"--state "ded" is no state of an item; did you mean "dead"?"#),
    BadInput("items --limit 10001", 64, "--limit must be 1 to 10000, is 10001"),
    BadInput("logs last --level loud", 64, "--level must be debug, info, warning or error"),
    BadInput("prune --runs soon", 64, #"--runs must be a duration as 7d or 12h, is "soon""#),
    BadInput("jobs check none.yaml", 66, "there is no job file none.yaml"),
    BadInput("jobs show helo", 66, #"there is no job "helo""#),
    BadInput("plugins check helo", 69, #"did you mean "hello"?"#),
    BadInput("plugins check /etc/passwd", 69, ""),
    BadInput("plugins check hello --config none.json", 66, "none.json cannot be read: No such file or directory"),
    BadInput("plugins check hello --config jobs/hello.yaml", 65, "jobs/hello.yaml is not a JSON document: "),
    BadInput("plugins new Bad --language c", 64, #""Bad" is no name for a plugin"#),
    BadInput("plugins new good --language perl", 64, "'perl' is invalid"),
    BadInput("plugins new good --language c --sdk /nowhere", 66, "carillon_plugin.h is not in /nowhere"),
    BadInput("backup", 64, "Missing expected argument"),
  ]

  @Test(arguments: commands) func one_clear_line_and_a_code(_ input: BadInput) async throws {
    let box = try Sandbox()
    try box.job("broken", "plugin: hello\nretrys: {}\n")
    try box.job("nowhere", "plugin: nowher\n")
    let answer = try await box.carillon(input.arguments)
    #expect(answer.status == input.status)
    #expect(answer.output == "")
    let line = answer.errors.split(separator: "\n").first { $0.hasPrefix("carillon: ") }
    #expect(line.map { input.says.isEmpty || $0.contains(input.says) } == true, "\(answer.errors)")
    #expect(answer.errors.split(separator: "\n").count <= 2, "\(answer.errors)")
  }

  @Test func a_wrong_configuration_is_led_back_to_its_line() async throws {
    let box = try Sandbox()
    try box.job("hello", "plugin: hello\nconfig:\n  count: 0\n")
    let answer = try await box.carillon("run", "hello")
    #expect(answer.errors.hasPrefix("jobs/hello.yaml:4:10: config.count: must be at least 1\n"))
    let check = try await box.carillon("jobs", "check")
    #expect(check.status == 65)
    #expect(check.output == "jobs/hello.yaml:4:10: config.count: must be at least 1\n")
    #expect(check.errors == "carillon: 1 error in 1 file\n")
  }

  @Test func the_host_must_be_there() async throws {
    let box = try Sandbox()
    box.environment["CARILLON_HOST"] = "/nowhere/carillon-host"
    let answer = try await box.carillon("run", "hello")
    #expect(answer.status == 69)
    #expect(answer.errors.contains("name it in $CARILLON_HOST"))
    #expect(try await box.carillon("doctor").status == 69)
  }

  @Test func a_plugin_that_others_can_write_is_refused() async throws {
    let box = try Sandbox()
    try FileManager.default.copyItem(atPath: "\(Program.plugins)/hello.so", toPath: "\(box.folder)/open.so")
    chmod("\(box.folder)/open.so", 0o666)
    let answer = try await box.carillon("plugins", "check", "./open.so")
    #expect(answer.status == 69)
    #expect(answer.errors.hasPrefix("carillon: "))
  }

  @Test func a_reader_that_goes_away_is_no_error() async throws {
    let box = try Sandbox()
    #expect(try await box.carillon("run", "hello").status == 0)
    let answer = try await box.shell("$C items | head -n 1")
    #expect(answer.status == 0 && answer.errors == "" && answer.lines.count == 1)
    #expect(try await box.shell("$C run hello --follow | true; $C runs --limit 1 | grep -c succeeded").output == "1\n")
  }

  @Test func output_that_cannot_be_written_ends_with_74() async throws {
    let box = try Sandbox()
    #expect(try await box.carillon("run", "hello").status == 0)
    let answer = try await box.shell("$C runs > /dev/full")
    #expect(answer.status == 74)
    #expect(answer.errors == "carillon: cannot write to standard output: No space left on device\n")
  }

  /// As root another user is tried; as another user the folder is closed to oneself.
  @Test func a_state_directory_of_somebody_else() async throws {
    let box = try Sandbox()
    #expect(try await box.carillon("run", "hello").status == 0)
    let isRoot = geteuid() == 0
    if !isRoot { chmod("\(box.folder)/state", 0) }
    let answer = try await box.shell(isRoot ? "setpriv --reuid 65534 --clear-groups $C runs" : "$C runs")
    chmod("\(box.folder)/state", 0o700)
    #expect(answer.status == 77)
    #expect(answer.errors.contains("belongs to another user"))
  }

  @Test func verbose_shows_what_lies_below() async throws {
    let answer = try await Sandbox().carillon("run", "hello", "--state-dir", "/proc/x", "--verbose")
    #expect(answer.errors.contains("  because: "))
  }
}
