import Foundation
import Testing

@Suite struct ImportCommandTests {
  private let box: Sandbox

  init() throws {
    box = try Sandbox()
    box.environment["CARILLON_PLUGINS"] = Program.products
  }

  @Test func aCrontabBecomesJobsThatDoWhatItDid() async throws {
    try box.file(
      "tab",
      """
      # Writes what it read
      GREETING="it's me"
      0 2 * * * cat > \(box.folder)/read; echo "$GREETING: $0" | tr a-z A-Z >> \(box.folder)/read%one \\% two%three
      */5 * * * 1-5 sh -c 'exit 3' # a comment

      """)
    let answer = try await box.carillon("import", "crontab", "tab", "--output", "out")
    #expect(answer.status == 0 && answer.errors.contains("tab:3: note: whose crontab it is"))
    #expect(answer.lines.count == 3 && answer.lines[2].hasPrefix("2 jobs written. Next: "))
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(box.folder)/out").map { $0.replacing(".yaml", with: "") }
      .sorted()
    #expect(names.count == 2)
    #expect(
      try await box.carillon("jobs", "check", "out/\(names[0]).yaml", "out/\(names[1]).yaml").output
        == "2 jobs in 2 files: valid\n")
    #expect(try await box.carillon("run", names[0], "--jobs-dir", "out").status == 0)
    #expect(try String(contentsOfFile: "\(box.folder)/read", encoding: .utf8) == "one % two\nthree\nIT'S ME: SH\n")
    #expect(try await box.carillon("run", names[1], "--jobs-dir", "out").status == 1)
  }

  @Test func nothingIsWrittenWhileALineIsBroken() async throws {
    try box.file("tab", "@daily fine\n61 * * * * broken\n")
    let answer = try await box.carillon("import", "crontab", "tab", "--user", "me", "--output", "out")
    #expect(answer.status == 65 && answer.output == "")
    #expect(answer.errors.contains("tab:2: error: \"61\" is no minute"))
    #expect(answer.errors.contains("carillon: 1 error; nothing is written"))
    #expect(access("\(box.folder)/out", F_OK) != 0)
    let rest = try await box.carillon("import", "crontab", "tab", "--user", "me", "--output", "out", "--skip-broken")
    #expect(rest.status == 0 && rest.lines.first?.hasSuffix("/out/fine.yaml") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(box.folder)/out") == ["fine.yaml"])
  }

  @Test func whatIsThereIsNotOverwritten() async throws {
    try box.file("tab", "@daily one\n@daily two\n")
    try FileManager.default.createDirectory(atPath: "\(box.folder)/out", withIntermediateDirectories: true)
    try box.file("out/two.yaml", "mine")
    let answer = try await box.carillon("import", "crontab", "tab", "--output", "out")
    #expect(answer.status == 73 && answer.errors.contains("out/two.yaml is there already; nothing is written"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(box.folder)/out") == ["two.yaml"])
    #expect(try String(contentsOfFile: "\(box.folder)/out/two.yaml", encoding: .utf8) == "mine")
  }

  @Test func aDryRunPrints() async throws {
    try box.file("tab", "@daily root one\n")
    let answer = try await box.carillon("import", "crontab", "tab", "--system", "--dry-run", "--output", "out")
    #expect(answer.status == 0 && answer.output.contains("name: one\n") && answer.output.contains("  user: root\n"))
    #expect(access("\(box.folder)/out", F_OK) != 0)
    let json = try await box.carillon("import", "crontab", "tab", "--system", "--dry-run", "--json").json()
    let job = try #require((json["jobs"] as? [[String: Any]])?.first)
    #expect(
      job["name"] as? String == "one" && job["line"] as? Int == 1
        && (job["yaml"] as? String)?.contains("plugin: command") == true)
  }

  @Test func standardInputIsRead() async throws {
    let answer = try await box.shell("printf '@daily x\\n' | \"$C\" import crontab - --user me --dry-run")
    #expect(answer.status == 0 && answer.errors == "" && answer.output.contains("# From line 1 of standard input:"))
  }

  @Test func aTimerBecomesAJob() async throws {
    try box.file("hello.timer", "[Timer]\nOnCalendar=Mon..Fri 8:00\nPersistent=true\n")
    try box.file(
      "hello.service", "[Service]\nType=oneshot\nUser=root\nExecStart=/bin/sh -c 'echo \"$$0 %n\" > \(box.folder)/said' me\n")
    let answer = try await box.carillon("import", "systemd-timer", "hello.timer", "--output", "out")
    #expect(answer.status == 0 && answer.errors == "", "\(answer)")
    #expect(try await box.carillon("jobs", "check", "out/hello.yaml").status == 0)
    if geteuid() == 0 {
      #expect(try await box.carillon("run", "out/hello.yaml").status == 0)
      #expect(try String(contentsOfFile: "\(box.folder)/said", encoding: .utf8) == "me hello.service\n")
    }
  }

  @Test func everyKindOfScheduleIsOne() async throws {
    try box.file(
      "tab",
      """
      CRON_TZ=Europe/Berlin
      RANDOM_DELAY=5
      @reboot a
      @yearly b
      @monthly c
      @weekly d
      @daily e
      @hourly f
      5~9 1-5/2 */2 jan,MAR-jun mon-5,7 g

      """)
    try box.file(
      "x.timer",
      """
      [Timer]
      OnCalendar=Sun *-*-1..7 1:00
      OnCalendar=*-*~01 2:00:30
      OnCalendar=2027-1-1
      OnCalendar=Mon *-05~07/1
      OnCalendar=9:00 Asia/Tokyo
      OnUnitActiveSec=1d
      RandomizedDelaySec=10min
      FixedRandomDelay=yes
      Persistent=yes

      """)
    try box.file("x.service", "[Service]\nExecStart=/bin/true\n")
    #expect(try await box.carillon("import", "crontab", "tab", "--output", "out").status == 0)
    #expect(try await box.carillon("import", "systemd-timer", "x.timer", "--output", "out").status == 0)
    let answer = try await box.carillon("jobs", "check", "--jobs-dir", "out", "--json").json()
    let errors = (answer["findings"] as? [[String: Any]] ?? []).filter { $0["severity"] as? String == "error" }
    #expect(errors.isEmpty && answer["jobs"] as? Int == 8, "\(errors)")
  }

  @Test func whatCannotBeFound() async throws {
    #expect(try await box.carillon("import", "crontab", "none").status == 66)
    try box.file("lonely.timer", "[Timer]\nOnCalendar=daily\n")
    let answer = try await box.carillon("import", "systemd-timer", "lonely.timer")
    #expect(answer.status == 65 && answer.errors.contains("its service lonely.service is not beside it"))
    #expect(try await box.carillon("import", "crontab").status == 64)
    try Data([0x61, 0xFF, 0x0A]).write(to: URL(fileURLWithPath: "\(box.folder)/latin"))
    #expect(try await box.carillon("import", "crontab", "latin").errors.contains("is not UTF-8"))
  }
}
