import Foundation
import Testing

/// The verbs against a real daemon.
@Suite(.timeLimit(.minutes(5))) struct DaemonVerbTests {
  /// A daemon in the sandbox, drained when the work is done.
  private func withDaemon(_ work: (Sandbox) async throws -> Void) async throws {
    let box = try Sandbox()
    box.environment["TZ"] = "UTC"
    try box.job("night", "plugin: hello\nschedules: [{cron: '30 2 * * *', zone: UTC}]\nconfig: {count: 2}\n")
    let daemon = try box.start("daemon", "--no-prune")
    try await eventually { access("\(box.folder)/state/carillon.sock", F_OK) == 0 }
    // Listening comes before ready.
    while try await !box.carillon("status").output.hasPrefix("daemon     ready") {}
    do {
      try await work(box)
    } catch {
      daemon.signal(SIGKILL)
      throw error
    }
    #expect(try await box.carillon("drain", "--wait").lines.last == "it has ended")
    #expect(try await daemon.wait().status == 0)
  }

  @Test func a_run_goes_through_it() async throws {
    try await withDaemon { box in
      let run = try await box.carillon("run", "hello")
      #expect(run.status == 0)
      #expect(run.errors.hasPrefix("with the daemon (pid "))
      #expect(run.output.contains("of hello: succeeded after") && run.output.contains("5: 5 succeeded"))
      let followed = try await box.carillon("run", "hello", "--follow", "--set", "count=2")
      #expect(followed.output.contains("stdout: Hello, guest-1") && followed.output.contains("2: 2 succeeded"))
      let json = try await box.carillon("run", "hello", "--json").json()
      #expect(Set(json.keys) == ["type", "run", "stopped", "exit_code", "duration_s", "artifacts", "failures"])
      let wrong = try await box.carillon("run", "hello", "--set", "count=0")
      #expect(wrong.status == 65 && wrong.errors.contains("config.count: must be at least 1"))
      let here = try await box.carillon("run", "hello", "--here")
      #expect(here.status == 75 && here.errors.contains("has the state directory"))
      #expect(try await box.carillon("run", "helo").errors.contains(#"did you mean "hello"?"#))
      // What a plugin wrote comes through unchanged, and the documents are those of the store's file.
      let shown = try await box.carillon("run", "show", "last", "--json").json()
      #expect(Set(shown.keys) == ["run", "artifacts", "log", "event_count"])
      let item = try await box.carillon("item", "show", "last", "guest-1", "--json").json()
      #expect(Set(item.keys) == ["item", "idempotency_key", "tries", "log"])
    }
  }

  @Test func failed_items_are_tried_again_through_it() async throws {
    try await withDaemon { box in
      try box.misbehaving("bad", items: 3, faults: "[{key: item-2, fault: never-complete}]")
      #expect(try await box.carillon("reload").output.contains("added: bad"))
      let run = try await box.carillon("run", "bad")
      #expect(run.status == 1, "\(run.output)\(run.errors)")
      let again = try await box.carillon("retry", "last")
      #expect(again.status == 1 && again.errors.hasPrefix("with the daemon"))
      let ended = try await box.carillon("retry", "last", "--item", "item-1")
      #expect(ended.status == 65 && ended.errors.contains("item-1"), "\(ended.errors)")
    }
  }

  @Test func an_interrupt_detaches_and_cancel_ends() async throws {
    try await withDaemon { box in
      try box.misbehaving("slow", items: 2_000, microseconds: 20_000)
      #expect(try await box.carillon("reload").status == 0)
      let run = try box.start("run", "slow")
      try await box.awaitLedger(3)
      run.signal(SIGINT)
      let left = try await run.wait()
      #expect(left.status == 75)
      #expect(left.errors.contains("detached: run ") && left.errors.contains("cancel:  carillon cancel "))
      let status = try await box.carillon("status")
      #expect(status.status == 0 && status.output.contains("of slow: running, "))
      let top = try await box.carillon("top")
      #expect(top.output.contains("misbehaving") && top.output.contains("night"))
      let cancelled = try await box.carillon("cancel", "last")
      #expect(cancelled.status == 0 && cancelled.output.contains("is cancelled; "), "\(cancelled.errors)")
      #expect(try await box.carillon("runs", "--job", "slow", "--state", "cancelled").lines.count == 2)
    }
  }

  @Test func pause_backfill_and_why() async throws {
    try await withDaemon { box in
      #expect(try await box.carillon("pause", "night", "--note", "moving house").output.contains(": moving house"))
      #expect(try await box.carillon("status").output.contains("paused     night, "))
      #expect(try await box.carillon("why", "night").lines.first?.hasSuffix(": moving house") == true)
      #expect(try await box.carillon("schedule", "next", "night").errors.hasPrefix("note: night is paused since "))
      #expect(try await box.carillon("resume-job", "night").output.hasPrefix("night goes on after "))
      #expect(try await box.carillon("resume-job", "night").status == 66)
      let plan = try await box.carillon("backfill", "night", "--from", "2026-01-05", "--to", "2026-01-08", "--plan")
      #expect(plan.lines.last == "would make 3 runs of night")
      let made = try await box.carillon("backfill", "night", "--from", "2026-01-05", "--to", "2026-01-08", "--json").json()
      #expect((made["instants"] as? [[String: Any]])?.count == 3)
      let again = try await box.carillon("backfill", "night", "--from", "2026-01-05", "--to", "2026-01-08")
      #expect(again.output == "nothing to run for night; 3 of that time have a run already\n")
      let told = try await box.carillon("why", "night", "2026-01-06 02:30")
      #expect(told.lines.first == "Tue 2026-01-06 02:30:00 +00:00  backfilled")
      #expect(told.output.contains("  run        2"))
      let beside = try await box.carillon("why", "night", "2026-01-06 03:00")
      #expect(beside.lines.first == "night was not due at Tue 2026-01-06 03:00:00 +00:00")
      #expect(beside.lines[1].contains("2026-01-06 02:30:00 +00:00  backfilled  2"))
      #expect(beside.lines[2].contains("2026-01-07 02:30:00 +00:00  backfilled  2"))
      #expect(try await box.carillon("why", "night", "--fate", "backfilled").lines.count == 5)
    }
  }

  @Test func trigger_and_reload() async throws {
    try await withDaemon { box in
      let later = try await box.carillon("trigger", "hello", "--at", "in 1h")
      #expect(later.output.contains("is queued, not before ") && later.output.contains("(in 59 min)"))
      #expect(try await box.carillon("trigger", "hello", "--wait", "--plan").status == 0)
      let json = try await box.carillon("trigger", "hello", "--json").json()
      #expect(((json["run"] as? [String: Any])?["trigger"] as? String) == "manual")
      try box.job("broken", "plugin: hello\nschedule: '61 * * * *'\n")
      let refused = try await box.carillon("reload")
      #expect(refused.status == 65)
      #expect(refused.errors.contains("broken.yaml:3:11: schedule: ") && refused.output == "")
      #expect(try await box.carillon("plugins", "reload").status == 0)
      #expect(try await box.carillon("plugins", "reload", "helo").status == 66)
      let other = try await box.carillon("run", "hello", "--jobs-dir", "elsewhere")
      #expect(other.status == 64 && other.errors.contains("the daemon runs the jobs of "))
    }
  }
}
