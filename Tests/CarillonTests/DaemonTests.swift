import Foundation
import Testing

/// The daemon as a process: what it tells the service manager, how it ends, and what it leaves.
@Suite(.timeLimit(.minutes(2))) struct DaemonTests {
  /// A daemon that is ready, and the manager that it told.
  private func ready(
    _ box: Sandbox, _ arguments: String..., more: [String: String] = [:]
  ) async throws -> (RunningProgram, ServiceManager) {
    let manager = try ServiceManager()
    box.environment["NOTIFY_SOCKET"] = manager.address
    box.environment.merge(more) { $1 }
    let daemon = try box.start(["daemon"] + arguments)
    try await manager.awaited("READY")
    return (daemon, manager)
  }

  private func end(_ daemon: RunningProgram) async throws -> Answer {
    daemon.signal(SIGTERM)
    let answer = try await daemon.wait()
    #expect(answer.status == 0, "\(answer.errors)")
    return answer
  }

  @Test func it_tells_when_it_is_ready_reloads_lives_and_ends() async throws {
    let box = try Sandbox()
    let (daemon, manager) = try await ready(box, more: ["WATCHDOG_USEC": "400000"])
    let first = try await manager.awaited("READY")
    #expect(first["MAINPID"] == String(daemon.pid))
    #expect(first["STATUS"]?.hasPrefix("1 jobs, 0 schedules") == true)
    let readyAt = ContinuousClock.now
    try await manager.awaited("WATCHDOG")
    // The watchdog counts from READY on; much less would be a matter of how busy the machine is.
    #expect(ContinuousClock.now - readyAt < .seconds(4))
    try await eventually { manager.count("WATCHDOG") >= 3 }
    let heard = manager.messages.count
    try box.job("more", "plugin: hello\nschedule: '0 3 * * *'\n")
    daemon.signal(SIGHUP)
    let reloading = try await manager.awaited("RELOADING", after: heard)
    #expect(reloading["MONOTONIC_USEC"].flatMap(Int.init) != nil)
    #expect(try await manager.awaited("READY", after: heard)["STATUS"]?.contains("2 jobs, 1 schedules; next more at ") == true)
    let answer = try await end(daemon)
    #expect(try await manager.awaited("STOPPING")["EXTEND_TIMEOUT_USEC"] == "45000000")
    #expect(answer.errors.contains("reloaded: 2 jobs; added more"))
    #expect(access("\(box.folder)/state/carillon.sock", F_OK) != 0)
  }

  @Test func a_manager_on_a_path_hears_it_too() async throws {
    let box = try Sandbox()
    let manager = try ServiceManager(path: "\(box.folder)/n")
    box.environment["NOTIFY_SOCKET"] = manager.address
    let daemon = try box.start("daemon")
    try await manager.awaited("READY")
    _ = try await end(daemon)
  }

  @Test func no_sign_of_life_while_the_disk_does_not_finish() async throws {
    let box = try Sandbox()
    try box.job("often", "plugin: hello\nconfig: {count: 1}\nschedule: '@every 1s'\n")
    let library = "\(box.folder)/stall.so"
    let source = "\(Program.root)/Tests/CarillonTests/Stall/stall.c"
    #expect(try await box.shell("cc -shared -fPIC -o \(library) \(source) -ldl").status == 0)
    let (daemon, manager) = try await ready(
      box, more: ["WATCHDOG_USEC": "400000", "LD_PRELOAD": library, "STALL": "\(box.folder)/stalled"])
    try await eventually { manager.count("WATCHDOG") >= 2 }
    try box.file("stalled", "")
    try await eventually { manager.messages.last?["STATUS"]?.hasPrefix("Stuck: ") == true }
    let alive = manager.count("WATCHDOG")
    let heard = manager.messages.count
    try await eventually { manager.messages.count >= heard + 3 }
    #expect(manager.count("WATCHDOG") == alive)
    unlink("\(box.folder)/stalled")
    try await eventually { manager.count("WATCHDOG") > alive }
    _ = try await end(daemon)
  }

  @Test func a_slow_start_asks_for_more_time() async throws {
    let box = try Sandbox()
    let (first, _) = try await ready(box)
    _ = try await end(first)
    try box.job("often", "plugin: hello\nconfig: {count: 1}\nschedule: '@every 1h'\n")
    let library = "\(box.folder)/stall.so"
    let source = "\(Program.root)/Tests/CarillonTests/Stall/stall.c"
    #expect(try await box.shell("cc -shared -fPIC -o \(library) \(source) -ldl").status == 0)
    try box.file("stalled", "")
    let manager = try ServiceManager()
    box.environment.merge(
      ["NOTIFY_SOCKET": manager.address, "LD_PRELOAD": library, "STALL": "\(box.folder)/stalled"]
    ) { $1 }
    let daemon = try box.start("daemon")
    try await eventually { manager.messages.contains { $0["EXTEND_TIMEOUT_USEC"] == "30000000" } }
    #expect(manager.count("READY") == 0)
    unlink("\(box.folder)/stalled")
    try await manager.awaited("READY")
    _ = try await end(daemon)
  }

  @Test func a_drained_run_goes_on_after_the_next_start() async throws {
    let box = try Sandbox()
    try box.misbehaving("slow", items: 200, microseconds: 20_000, more: "schedule: '@reboot'")
    let (daemon, _) = try await ready(box)
    try await box.awaitLedger(3)
    #expect(try await end(daemon).errors.contains("was stopped; it goes on later"))
    #expect(try box.ledger().count < 200)
    let (again, _) = try await ready(box)
    try await box.awaitLedger(200)
    try await eventually { try again.errorsWritten().contains("is succeeded") }
    _ = try await end(again)
    #expect(try Set(box.ledger()).count == 200 && box.ledger().count == 200)
    let runs = try await box.carillon("runs").lines
    #expect(runs.count { $0.contains("slow") && $0.contains("succeeded") } == 1, "\(runs)")
  }

  @Test func a_killed_daemon_goes_on_after_the_next_start() async throws {
    let box = try Sandbox()
    try box.misbehaving("slow", items: 120, microseconds: 20_000, more: "schedule: '@reboot'")
    box.environment["C"] = Program.path
    let shell = try RunningProgram("/bin/sh", ["-c", "$C daemon; exit 0"], environment: box.environment, folder: box.folder)
    try await box.awaitLedger(3)
    let pid = try #require(
      Int32(try String(contentsOfFile: "\(box.folder)/state/lock", encoding: .utf8).split(separator: "\n")[0]))
    kill(pid, SIGKILL)
    _ = try await shell.wait()
    let (again, _) = try await ready(box)
    try await eventually { try again.errorsWritten().contains("is succeeded") }
    _ = try await end(again)
    #expect(try Set(box.ledger()).count == 120)
  }

  @Test func a_second_signal_ends_runs_at_once() async throws {
    let box = try Sandbox()
    try box.misbehaving(
      "stubborn", items: 1, faults: "[{key: item-1, fault: ignore-cancel}]",
      more: "schedule: '@reboot'\ntimeouts: {item: 10m, cancel_grace: 10m}")
    let (daemon, manager) = try await ready(box, "--drain-timeout", "10m", more: ["WATCHDOG_USEC": "400000"])
    try await eventually { manager.messages.contains { $0["STATUS"]?.contains("1 runs under way") == true } }
    daemon.signal(SIGTERM)
    try await manager.awaited("STOPPING")
    daemon.signal(SIGTERM)
    let answer = try await daemon.wait()
    #expect(answer.status == 0)
    #expect(answer.errors.contains("once more: runs are ended at once"))
  }

  @Test func the_second_daemon_names_the_first() async throws {
    let box = try Sandbox()
    let (daemon, _) = try await ready(box)
    box.environment["NOTIFY_SOCKET"] = nil
    let second = try await box.carillon("daemon")
    #expect(second.status == 75)
    #expect(second.errors.contains("(pid \(daemon.pid))"))
    _ = try await end(daemon)
  }

  @Test func a_bad_file_leaves_the_old_set_in_force() async throws {
    let box = try Sandbox()
    let (daemon, manager) = try await ready(box)
    try box.job("good", "plugin: hello\n")
    try box.file("jobs/bad.yaml", "name: bad\nplugin: hello\nretry: {max_attempts: nine}\n")
    daemon.signal(SIGHUP)
    try await manager.awaited("RELOADING")
    try await eventually { manager.count("READY") == 2 }
    let status = try #require(manager.messages.last { $0["READY"] != nil }?["STATUS"])
    #expect(status.hasPrefix("1 jobs") && status.contains("PROBLEM") && status.contains("bad.yaml:3"), "\(status)")
    #expect(try await end(daemon).errors.contains("retry.max_attempts: "))
  }

  @Test func a_start_with_a_bad_file_has_the_others_in_force() async throws {
    let box = try Sandbox()
    try box.file("jobs/bad.yaml", "name: bad\nplugin: hello\nretry: {max_attempts: nine}\n")
    let (daemon, manager) = try await ready(box)
    let status = try #require(manager.messages.first { $0["READY"] != nil }?["STATUS"])
    #expect(status.hasPrefix("1 jobs") && status.contains("bad.yaml:3"), "\(status)")
    _ = try await end(daemon)
  }

  @Test func a_changed_folder_is_taken_up_where_that_is_asked_for() async throws {
    let box = try Sandbox()
    let (daemon, manager) = try await ready(box, "--watch")
    try box.job("more", "plugin: hello\n")
    try await eventually { manager.messages.contains { $0["STATUS"]?.hasPrefix("2 jobs") == true } }
    unlink("\(box.folder)/jobs/more.yaml")
    try await eventually { manager.messages.last?["STATUS"]?.hasPrefix("1 jobs") == true }
    // As a deployment does it: another folder takes the place of the old one.
    #expect(
      try await box.shell(
        "mv jobs old && cp -r old new && printf 'plugin: hello\\nname: swapped\\n' > new/s.yaml && mv new jobs"
      ).status == 0)
    try await eventually { manager.messages.last?["STATUS"]?.hasPrefix("2 jobs") == true }
    try box.job("third", "plugin: hello\n")
    try await eventually { manager.messages.last?["STATUS"]?.hasPrefix("3 jobs") == true }
    _ = try await end(daemon)
  }

  @Test func a_secret_goes_to_the_plugin_and_nowhere_else() async throws {
    let box = try Sandbox()
    let value = "s3cr\"t/\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: "\(box.folder)/credentials", withIntermediateDirectories: false)
    try box.file("credentials/token", value + "\n")
    try box.job(
      "greet",
      "plugin: \(Program.products)/libhello-swift.so\nschedule: '@reboot'\n"
        + "config: {names: [Ada], greeting: 'Token ${secret:token} of'}\n")
    let (daemon, _) = try await ready(box, "--secrets-dir", "\(box.folder)/credentials")
    try await eventually { try daemon.errorsWritten().contains("is succeeded") }
    let answer = try await end(daemon)
    #expect(!answer.errors.contains(value))
    let shown = try await box.carillon("item", "show", "last", "Ada").output
    let hidden = String(repeating: "*", count: value.utf8.count)
    #expect(shown.contains("Token \(hidden)") || shown.contains("Token \(hidden)*"), "\(shown)")
    #expect(try await box.carillon("run", "show", "last").output.contains("${secret:token}"))
    // Not in any file: the store, its WAL, the log.
    let found = try await box.shell("grep -rlF -- '\(value.dropFirst(6))' state; true").output
    #expect(found == "")
  }

  /// A page of the store is overwritten while nobody looks. No work is done on it, and nobody is helped by a restart.
  @Test func a_damaged_store_stops_all_work() async throws {
    let box = try Sandbox()
    try box.job("past", "plugin: noop\nconfig: {count: 20000}\n")
    #expect(try await box.carillon("run", "past").status == 0)
    let store = try FileHandle(forUpdating: URL(fileURLWithPath: "\(box.folder)/state/carillon.db"))
    let pages = try store.seekToEnd() / 4_096
    for page in pages / 2..<pages / 2 + 4 {
      try store.seek(toOffset: page * 4_096)
      try store.write(contentsOf: Data(repeating: 0xa5, count: 4_096))
    }
    try store.close()
    try box.job("often", "plugin: hello\nconfig: {count: 1}\nschedule: '@every 1s'\n")
    let (daemon, manager) = try await ready(box, more: ["WATCHDOG_USEC": "400000"])
    try await eventually {
      manager.messages.last?["STATUS"]?.contains("No more work is done: ") == true
        || manager.messages.last?["STATUS"]?.contains("PROBLEM: ") == true
    }
    let alive = manager.count("WATCHDOG")
    try await eventually { manager.count("WATCHDOG") >= alive + 3 }
    let status = try await box.carillon("status")
    #expect(status.status == 1 && status.output.contains("damaged"), "\(status.output)")
    let refused = try await box.carillon("trigger", "often")
    #expect(refused.status != 0 && refused.errors.contains("damaged"), "\(refused.errors)")
    _ = try await end(daemon)
  }

  @Test func a_changed_secret_is_taken_up_by_the_next_run() async throws {
    let box = try Sandbox()
    try FileManager.default.createDirectory(atPath: "\(box.folder)/credentials", withIntermediateDirectories: false)
    try box.file("credentials/guest", "Ada")
    try box.job(
      "greet", "plugin: \(Program.products)/libhello-swift.so\nconfig: {names: ['${secret:guest}', Grace]}\n")
    let (daemon, _) = try await ready(box, "--secrets-dir", "\(box.folder)/credentials")
    #expect(try await box.carillon("trigger", "greet", "--wait").status == 0)
    try box.file("credentials/guest", "Katherine")
    #expect(try await box.carillon("trigger", "greet", "--wait").status == 0)
    // The first one's worker is warm, and knows the old secret.
    let items = try await box.carillon("items", "--run", "last").output
    #expect(items.contains("Katherine") && !items.contains("Ada"), "\(items)")
    _ = try await end(daemon)
  }

  @Test func a_secret_that_is_not_there_is_named() async throws {
    let box = try Sandbox()
    try box.job("greet", "plugin: hello\nconfig: {count: 1, note: '${secret:absent}'}\n")
    let answer = try await box.carillon("run", "greet")
    #expect(answer.status == 65)
    #expect(answer.errors.contains("job greet: config.note: the secret \"absent\" is not there"), "\(answer.errors)")
  }

  @Test func logs_are_json_where_that_is_asked_for() async throws {
    let box = try Sandbox()
    let (daemon, _) = try await ready(box, "--log-format", "json")
    let lines = try await end(daemon).errors.split(separator: "\n")
    #expect(lines.count >= 3)
    for line in lines {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      #expect(object?["level"] is String && object?["message"] is String && object?["at"] is String)
    }
  }
}
