import Seeded
import Testing
import Yams

@testable import JobImport

/// A job file, read back.
struct ReadJob {
  let fields: [String: Any]

  init(_ job: Import.Job) throws {
    fields = try #require(try Yams.load(yaml: job.yaml) as? [String: Any])
    #expect(fields["name"] as? String == job.name)
  }

  var config: [String: Any] { fields["config"] as? [String: Any] ?? [:] }
  var command: String? { config["command"] as? String }
  var words: [String]? { config["command"] as? [String] }
  var environment: [String: String] { config["environment"] as? [String: String] ?? [:] }
  var input: String? { (config["stdin"] as? [String: Any])?["text"] as? String }
  var schedules: [[String: Any]] { fields["schedules"] as? [[String: Any]] ?? [] }
}

@Suite struct CrontabTests {
  private func read(_ text: String, _ form: CrontabImport.Form = .user("me"), file: String = "table") -> Import {
    CrontabImport.read([CrontabImport.Table(text: text, file: file, form: form)])
  }

  private func only(_ text: String, _ form: CrontabImport.Form = .user("me")) throws -> ReadJob {
    let result = read(text + "\n", form)
    #expect(result.broken == [])
    try #require(result.jobs.count == 1)
    return try ReadJob(result.jobs[0])
  }

  @Test func anEntryKeepsCronsOwnWays() throws {
    let job = try only("*/5 2-4\t* jan Mon-Fri  /usr/bin/backup --all  ")
    #expect(job.fields["name"] as? String == "backup")
    #expect(job.fields["plugin"] as? String == "command")
    #expect(job.fields["schedule"] as? String == "*/5 2-4 * jan Mon-Fri")
    #expect(job.fields["catch_up"] as? String == "none" && job.fields["overlap"] as? String == "allow")
    #expect(job.fields["retry"] as? [String: Int] == ["max_attempts": 1])
    #expect(job.config["shell"] as? Bool == true && job.config["background"] as? String == "leave")
    #expect(job.command == "/usr/bin/backup --all  " && job.config["user"] as? String == "me")
    #expect(job.environment == ["PATH": "/usr/bin:/bin"])
  }

  /// What Debian's cron 3.0pl1-162 gave these commands, by running it.
  @Test(
    arguments: [
      (#"cat > o1%a\%b%c\\d\\%e"#, "cat > o1", "a%b\nc\\\\d\\%e\n"),
      (#"printf '[\%s]' 'x\\y' 'x\y' 'a\\\%b'"#, #"printf '[%s]' 'x\y' 'x\y' 'a\%b'"#, nil), ("cat%", "cat", ""),
      ("cat%%", "cat", "\n"), ("printf ok # comment", "printf ok # comment", nil), (#"echo \"#, #"echo \"#, nil),
    ])
  func percentSigns(_ line: String, _ command: String, _ input: String?) throws {
    let job = try only("@daily " + line)
    #expect(job.command == command)
    #expect(job.input == input)
  }

  @Test(
    arguments: [
      ("PATH=/a:/b", "PATH", "/a:/b"), ("  Q = \"a'b\"  ", "Q", "a'b"), ("E=x y $HOME  ", "E", "x y $HOME"),
      ("'N'='  v '", "N", "  v "), ("X=", "X", ""), ("U=\"open", "U", "\"open"), ("LONG=a=b", "LONG", "a=b"),
    ])
  func settings(_ line: String, _ name: String, _ value: String) throws {
    #expect(try only("\(line)\n@hourly true").environment[name] == value)
  }

  @Test func settingsHoldForTheLinesAfterThem() throws {
    let result = read("0 1 * * * a\nMAILTO=me@example.org\nFOO=1\n0 2 * * * b\nFOO=2\nMAILTO=\"\"\n0 3 * * * c\n")
    let jobs = try result.jobs.map(ReadJob.init)
    #expect(jobs.map { $0.environment["FOO"] } == [nil, "1", "2"])
    #expect(result.jobs.map { $0.yaml.contains("MAILTO=me@example.org") } == [false, true, false])
    #expect(
      result.notes.map(\.description) == [
        "table:2: note: MAILTO=me@example.org is not carried over: output goes into the log of each run, not into a mail"
      ])
  }

  @Test func settingsOfCronItself() throws {
    let text = "SHELL=/bin/bash\nCRON_TZ=Europe/Berlin\nTZ=Asia/Tokyo\nHOME=/srv\nRANDOM_DELAY=6\nLOGNAME=x\n@weekly run\n"
    let result = read(text)
    let job = try ReadJob(try #require(result.jobs.first))
    #expect(job.config["shell"] as? String == "/bin/bash" && job.config["directory"] as? String == "/srv")
    #expect(job.environment == ["PATH": "/usr/bin:/bin", "TZ": "Asia/Tokyo", "HOME": "/srv"])
    let schedule = try #require(job.schedules.first)
    #expect(schedule["cron"] as? String == "@weekly" && schedule["zone"] as? String == "Europe/Berlin")
    #expect(schedule["jitter"] as? String == "6m")
    #expect(result.notes.map(\.line) == [2, 3, 5, 6])
  }

  @Test func theSystemsForm() throws {
    let job = try only("@reboot www-data x -y", .system)
    #expect(
      job.config["user"] as? String == "www-data" && job.command == "x -y" && job.fields["schedule"] as? String == "@reboot")
    #expect(CrontabImport.Table.isSystem("/etc/crontab") && CrontabImport.Table.isSystem("/x/etc/cron.d/foo"))
    #expect(!CrontabImport.Table.isSystem("/var/spool/cron/crontabs/root"))
    let note = read("@daily root x\n", .system, file: "/etc/cron.d/foo.dpkg-dist").notes
    #expect(note.map(\.line) == [1] && note[0].message.hasPrefix("cron itself passes over"))
  }

  @Test func commentsAboveBecomeTheSummary() throws {
    let text =
      "# m h  dom mon dow   command\n# Old.\n\n# Makes backups:\n#0 1 * * * old\n#\n#  all \"of\" them\n0 2 * * * b\n0 3 * * * c\n"
    let jobs = try read(text).jobs.map(ReadJob.init)
    #expect(jobs.map { $0.fields["summary"] as? String } == ["Makes backups: all \"of\" them", nil])
  }

  @Test(
    arguments: [
      ("60 * * * * x", "\"60\" is no minute: \"60\" is not one of 0 to 59"), ("* 24 * * * x", "is no hour"),
      ("* * 0 * * x", "is no day of the month"), ("* * * 13 * x", "is no month"), ("* * * * 8 x", "is no day of the week"),
      ("* * * * funday x", "\"funday\" is not one of 0 to 7"), ("*/0 * * * * x", "\"0\" is no step"),
      ("5/10 * * * * x", "write that, or 5-59/10"), ("9-5 * * * * x", "the range 9-5 runs backwards"),
      ("1,,2 * * * * x", "is no minute"),
      ("* * * *", "an entry has five fields and a command"), ("* * * * *", "has no command behind its fields"),
      ("@fortnightly x", "\"@fortnightly\" is no time that cron knows"),
      ("nonsense", "is no comment, no setting, and no entry"),
      ("* * * * * %input", "has no command"), ("+5 * * * * x", "is no minute"),
    ])
  func brokenLines(_ line: String, _ message: String) {
    let result = read("\n\(line)\n@daily fine\n")
    #expect(result.jobs.count == 1)
    #expect(result.broken.count == 1 && result.broken[0].line == 2)
    #expect(result.broken[0].message.contains(message), "\(result.broken)")
  }

  @Test func cronieExtras() throws {
    let result = read("-0~29 4 * * * x\n0 ~ * * * y\n")
    #expect(try result.jobs.map { try ReadJob($0).fields["schedule"] as? String } == ["H(0-29) 4 * * *", "0 H(0-23) * * *"])
    #expect(result.notes.count == 3)
  }

  @Test func linesMayEndAsOnOtherSystems() throws {
    let result = read("# Both\r\nA=1\r\n@daily x %y\r\n")
    let job = try ReadJob(try #require(result.jobs.first))
    #expect(result.broken == [] && job.command == "x " && job.input == "y\n" && job.environment["A"] == "1")
  }

  @Test func aFileWithoutALastLineEnd() {
    let result = read("@daily x")
    #expect(result.jobs.count == 1 && result.notes.map(\.line) == [1])
    #expect(read("").jobs.isEmpty && read("\n\n").notes.isEmpty)
  }

  @Test func whoseItIsMayBeUnknown() throws {
    let result = read("@daily x\n", .user(nil))
    #expect(try ReadJob(result.jobs[0]).config["user"] == nil)
    #expect(result.notes.first?.message.contains("--user") == true)
  }

  @Test(
    arguments: [
      ("/usr/local/bin/Make_Report.sh --now", "make-report"),
      ("[ -x /usr/bin/mrtg ] && nice -n 10 /usr/bin/mrtg /etc/mrtg.cfg", "mrtg"),
      ("cd / && run-parts --report /etc/cron.hourly", "run-parts-cron-hourly"),
      ("FOO=1 BAR=2 python3 /opt/x/sync.py a", "python3-sync"),
      ("test -x /usr/sbin/anacron || ( cd / && run-parts /etc/cron.daily )", "run-parts-cron-daily"),
      ("perl -e 'sleep int(rand(43200))' && certbot -q renew", "certbot"), ("sleep 30; \"/opt/my tool/tool\" x", "tool"),
      ("show", "cron-show"), ("äöü", "cron"), ("flock -n /var/lock/x /usr/bin/y", "y"),
    ])
  func names(_ command: String, _ name: String) {
    #expect(read("@daily \(command)\n").jobs.map(\.name) == [name])
  }

  @Test func namesAreUniqueAndDoNotDependOnTheOrder() throws {
    let lines = ["1 * * * * tool a", "2 * * * * tool b", "3 * * * * other", "4 * * * * dup -x", "5 * * * * dup -y"]
    func names(_ lines: [String]) -> [String: String] {
      Dictionary(
        uniqueKeysWithValues: read(lines.joined(separator: "\n") + "\n").jobs.map { ($0.name, $0.yaml.suffix(200) + "") })
    }
    let forward = Set(names(lines).keys)
    #expect(forward.count == 5 && forward.isSuperset(of: ["tool-a", "tool-b", "other"]))
    #expect(forward == Set(names(lines.reversed()).keys))
    #expect(forward.isSubset(of: names(lines + ["6 * * * * dup -z"]).keys))
    let same = read("1 * * * * x\n1 * * * * x\n").jobs.map(\.name)
    #expect(Set(same).count == 2)
  }

  /// Whatever a command holds, YAML gives it back.
  @Test func everyTextSurvives() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed of the crontab texts: \(seed)")
    var random = SplitMix(seed: seed)
    let pieces = [
      "a", " ", "  ", "'", "\"", "\\\\", "#", ": ", "- ", "{", "}", "|", ">", "&", "*", "!", "ü", "\t", "€", "\u{2028}",
      "\u{7F}", "\u{85}", "~", "null", "0x1", "@", "`", "?", "😀", ",",
    ]
    for _ in 0..<2_000 {
      let text = (0..<Int.random(in: 1...12, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
      // Two backslashes in a crontab are one.
      let expected = text.drop { $0 == " " || $0 == "\t" }.split(separator: "\\\\", omittingEmptySubsequences: false).joined(
        separator: "\\")
      guard !expected.isEmpty else { continue }
      let result = read("@daily \(text)%\(text)\n")
      let job: ReadJob
      do { job = try ReadJob(try #require(result.jobs.first)) } catch {
        Issue.record("\(error): \(result.jobs)")
        return
      }
      try #require(job.command == String(expected), "\(text.debugDescription)")
      try #require(job.input == text + "\n", "\(text.debugDescription)")
    }
  }
}
