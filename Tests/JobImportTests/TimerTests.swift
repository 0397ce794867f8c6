import Testing

@testable import JobImport

@Suite struct TimerTests {
  private func read(_ timer: String, _ service: String? = "[Service]\nType=oneshot\nExecStart=/bin/true\n", name: String = "x")
    -> Import
  {
    TimerImport.read([
      (
        TimerImport.Unit(path: "/u/\(name).timer", text: "[Timer]\n" + timer),
        service.map { TimerImport.Unit(path: "/u/\(name).service", text: $0) }
      )
    ])
  }

  private func job(_ timer: String, _ service: String = "[Service]\nType=oneshot\nExecStart=/bin/true\n") throws -> ReadJob {
    let result = read(timer, service)
    #expect(result.broken == [])
    return try ReadJob(try #require(result.jobs.first))
  }

  private func exec(_ line: String, _ more: String = "") throws -> ReadJob {
    try job("OnCalendar=daily", "[Service]\n\(more)\nExecStart=\(line)\n")
  }

  @Test func aTimerAndItsService() throws {
    let result = TimerImport.read([
      (
        TimerImport.Unit(
          path: "backup.timer",
          text: "[Unit]\nDescription=Nightly\n[Timer]\nOnCalendar=*-*-* 02:00\nPersistent=true\nRandomizedDelaySec=1h 30min\n"),
        TimerImport.Unit(
          path: "backup.service",
          text: """
            [Service]
            Type=oneshot
            User=backup
            Group=disk
            WorkingDirectory=/srv
            UMask=0027
            Environment=A=1 "B=two words" 'C=3'
            ExecStart=/usr/bin/backup \\
              --to "/mnt/a b" \\
            # in between
              $A ${B} $$x %% %n
            TimeoutStartSec=2h
            TimeoutStopSec=90
            SuccessExitStatus=3 TEMPFAIL
            """)
      )
    ])
    #expect(result.notes == [])
    let job = try ReadJob(try #require(result.jobs.first))
    #expect(job.fields["name"] as? String == "backup" && job.fields["summary"] as? String == "Nightly")
    #expect(job.schedules.first?["cron"] as? String == "0 2 * * *" && job.schedules.first?["jitter"] as? String == "1h30m")
    #expect(job.fields["catch_up"] as? [String: String] == ["policy": "latest", "within": "365d"])
    #expect(job.fields["overlap"] as? String == "skip")
    #expect(job.words == ["/usr/bin/backup", "--to", "/mnt/a b", "1", "two words", "$x", "%", "backup.service"])
    #expect(job.config["user"] as? String == "backup" && job.config["group"] as? String == "disk")
    #expect(job.config["directory"] as? String == "/srv" && job.config["umask"] as? String == "027")
    #expect(job.config["timeout"] as? String == "2h" && job.config["grace"] as? String == "1m30s")
    #expect((job.config["outcomes"] as? [String: [Int]])?["succeeded"] == [0, 3, 75])
    #expect(job.environment == ["A": "1", "B": "two words", "C": "3"])
  }

  @Test func severalTimesAreOneScheduleWhereTheyCan() throws {
    let job = try job("OnCalendar=6:00\nOnCalendar=18:00:30\nOnCalendar=Sun *-*-1..7 1:00\nOnCalendar=9:00 Asia/Tokyo\n")
    #expect(job.schedules.count == 3)
    #expect(
      job.schedules[0]["cron"] as? [String] == ["0 0 6 * * *", "30 0 18 * * *"] && job.schedules[0]["fields"] as? Int == 6)
    #expect(job.schedules[1]["exclude"] as? [String] == ["* * * * 1-6"])
    #expect(job.schedules[2]["zone"] as? String == "Asia/Tokyo")
    #expect(job.fields["catch_up"] as? String == "none")
    #expect(try self.job("OnCalendar=1:00\nOnCalendar=\nOnCalendar=2:00").fields["schedule"] as? String == "0 2 * * *")
  }

  @Test func timesWithoutACalendar() throws {
    let result = read("OnBootSec=15min\nOnUnitActiveSec=1d\n")
    #expect(try ReadJob(result.jobs[0]).fields["schedule"] as? String == "@every 1d")
    #expect(result.notes.map(\.line) == [2, 3])
    #expect(try ReadJob(read("OnBootSec=5min").jobs[0]).fields["schedule"] as? String == "@reboot")
    #expect(try ReadJob(read("OnUnitInactiveSec=90").jobs[0]).fields["schedule"] as? String == "@every 1m30s")
  }

  @Test func aFixedDelayIsASpread() throws {
    let schedule = try #require(try job("OnCalendar=daily\nRandomizedDelaySec=600\nFixedRandomDelay=yes").schedules.first)
    #expect(schedule["spread"] as? String == "10m" && schedule["jitter"] == nil)
  }

  @Test func whatIsNotCarriedOverIsSaid() {
    let result = read(
      "OnCalendar=daily\nAccuracySec=1h\nWakeSystem=yes\n",
      "[Unit]\nConditionACPower=true\nOnFailure=mail@%n.service\n[Service]\nType=notify\nNice=19\nProtectSystem=full\nExecStartPost=/bin/x\nExecStart=/bin/true\n"
    )
    #expect(result.jobs.count == 1 && result.broken == [])
    #expect(
      result.notes.map { "\($0.file):\($0.line)" } == [
        "/u/x.timer:3", "/u/x.timer:4", "/u/x.service:2", "/u/x.service:3", "/u/x.service:5", "/u/x.service:6",
        "/u/x.service:7", "/u/x.service:8",
      ])
  }

  @Test(
    arguments: [
      ("OnCalendar=nonsense at all", "/u/x.timer:2: error: \"nonsense\" are no days of the week"),
      ("Persistent=true", "/u/x.timer:1: error: it has no OnCalendar="),
      ("OnCalendar=daily\nRandomizedDelaySec=soon", "/u/x.timer:3: error: RandomizedDelaySec: \"soon\" is no span of time"),
      ("OnCalendar=daily\nwhat", "/u/x.timer:3: error: \"what\" is no setting"),
    ])
  func brokenTimers(_ timer: String, _ message: String) {
    let result = read(timer)
    #expect(result.jobs.isEmpty)
    #expect(result.broken.contains { $0.description.hasPrefix(message) }, "\(result.notes)")
  }

  @Test func aServiceThatIsNotThere() {
    let result = read("OnCalendar=daily\nUnit=other.service\n", nil)
    #expect(
      result.jobs.isEmpty
        && result.broken.map(\.message) == ["its service other.service is not beside it, so what it runs is not known"])
    #expect(TimerImport.serviceName(of: .init(path: "a/b@c.timer", text: "")) == "b@c.service")
  }

  @Test(
    arguments: [
      (#"/bin/echo "a b" 'c d' e\x20f "g\"h" 'i"j' "" \;"#, ["/bin/echo", "a b", "c d", "e f", "g\"h", "i\"j", "", ";"]),
      (#"@/bin/sh name -c 'echo $HOME'"#, ["/bin/sh", "-c", "echo $HOME"]),
      (":/bin/echo $A ${A}", ["/bin/echo", "$A", "${A}"]),
      ("/bin/echo $A ${A}x $none a${none}b", ["/bin/echo", "1", "2", "1 2x", "ab"]),
      (#"/bin/echo a\tb\101\u00e9"#, ["/bin/echo", "a\tbA\u{e9}"]),
    ])
  func commandsAsSystemdCutsThem(_ line: String, _ words: [String]) throws {
    #expect(try exec(line, "Environment=\"A=1 2\"").words == words)
  }

  @Test func aFailureThatDoesNotMatter() throws {
    let job = try exec("-/bin/false")
    #expect(job.words == ["/bin/false"])
    #expect(job.config["outcomes"] as? [String: String] == ["other": "succeeded", "signal": "succeeded"])
  }

  @Test func severalCommandsBecomeAShells() throws {
    let result = read(
      "OnCalendar=daily",
      "[Service]\nUser=man\nExecStartPre=+/usr/bin/install -d '/var/a b'\nExecStart=-/bin/a 'it''s'\nExecStart=/bin/b ; /bin/c\n"
    )
    let job = try ReadJob(result.jobs[0])
    #expect(
      job.command
        == "set -e\n/usr/bin/install -d '/var/a b'\nrunuser -u man -- /bin/a its || true\nrunuser -u man -- /bin/b\nrunuser -u man -- /bin/c"
    )
    #expect(job.config["user"] as? String == "root" && job.config["shell"] as? Bool == true)
    #expect(result.notes.count == 2)
  }

  @Test(
    arguments: [
      ("/bin/x %i", "the instance of a template"), ("/bin/x %h", "a specifier in \"%h\""),
      ("/bin/x $FROM_FILE", "EnvironmentFile"),
      ("/bin/x 'open", "a quote that is not closed"), (#"/bin/x \q"#, "which stands for nothing"), ("|/bin/x", "login shell"),
    ])
  func commandsThatOnlySystemdCanRun(_ line: String, _ message: String) {
    let result = read("OnCalendar=daily", "[Service]\nEnvironmentFile=/etc/default/x\nExecStart=\(line)\n")
    #expect(result.jobs.isEmpty && result.broken.contains { $0.line == 3 && $0.message.contains(message) }, "\(result.notes)")
  }

  @Test func anInstanceKnowsItsName() throws {
    let result = read("OnCalendar=daily", "[Service]\nExecStart=/bin/x %i %p %N\n", name: "t@one")
    #expect(try ReadJob(result.jobs[0]).words == ["/bin/x", "one", "t", "t@one"] && result.jobs[0].name == "t-one")
  }

  @Test(
    arguments: [
      ("90", "1m30s"), ("1h 30min", "1h30m"), ("2weeks", "14d"), ("1.5h", "1h30m"), ("500ms", "500ms"), ("1d12h", "1d12h"),
      ("0", "0"),
    ])
  func spans(_ text: String, _ expected: String) throws { #expect(try TimeSpan.jobText(text) == expected) }

  @Test func noSpans() throws {
    #expect(try TimeSpan.jobText("infinity") == nil)
    for text in ["", "x", "5 parsecs", "-3"] { #expect(throws: ImportError.self) { try TimeSpan.jobText(text) } }
  }
}
