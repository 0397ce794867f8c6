import ControlAPI
import Foundation
import Testing

@Suite struct ScheduleRouteTests {
  private static let nightly = [
    "nightly": """
    plugin: hello
    config: {count: 2}
    schedules:
      - {name: early, cron: "0 2 * * *", zone: Europe/Berlin}
      - {name: late, cron: "0 22 * * *", zone: UTC}
    """
  ]

  @Test func jobsArePagedByName() async throws {
    let names = ["a", "a-b", "aa", "b", "c", "d"]
    let jobs = Dictionary(
      uniqueKeysWithValues: names.map { ($0, "plugin: hello\nschedules: [{cron: '0 3 * * *', zone: UTC}]\n") })
    try await TestDaemon.with(jobs) { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      for name in ["c", "a-b"] { _ = try await client.ask("PUT", "/v1/jobs/\(name)/pause") }
      func listed(_ query: String, _ size: Int) async throws -> [String] {
        var listed: [String] = []
        var after = ""
        for _ in 0...names.count {
          let page = try await client.get("/v1/jobs?limit=\(size)\(query)\(after)")
          let jobs = try page.list("jobs")
          #expect(jobs.count <= size && jobs.allSatisfy { ($0["next_due_at"] as? String)?.hasSuffix("T03:00:00.000Z") == true })
          listed += jobs.compactMap { $0["name"] as? String }
          guard let next = page.string("next") else { return listed }
          after = "&after=\(next)"
        }
        Issue.record("there is no last page")
        return listed
      }
      for size in [1, 2, 3, 6, 1_000] {
        #expect(try await listed("", size) == names)
        #expect(try await listed("&paused=1", size) == ["a-b", "c"])
      }
      #expect(try await client.get("/v1/jobs?after=bb&limit=1").list("jobs").first?["name"] as? String == "c")
    }
  }

  @Test func jobsSayWhenTheyAreDue() async throws {
    try await TestDaemon.with(Self.nightly) { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let job = try await client.get("/v1/jobs/nightly")
      let schedules = try job.list("schedules")
      #expect(schedules.map { $0["name"] as? String } == ["early", "late"])
      #expect(schedules.allSatisfy { ($0["next_due_at"] as? String)?.hasSuffix("Z") == true })
      #expect(schedules.first?["summary"] as? String != nil)
      let upcoming = try await client.get("/v1/upcoming?limit=4&job=nightly").list("upcoming")
      #expect(upcoming.count == 4)
      #expect(upcoming.first?["due_at"] as? String == job.string("next_due_at"))
      let early = try #require(upcoming.first { $0["schedule"] as? String == "early" })
      #expect((early["local_time"] as? String)?.contains("T02:00:00+0") == true)
      #expect(try await client.get("/v1/upcoming?job=nightli").problem() == "not-found")
    }
  }

  @Test func aPauseIsKeptWithItsNote() async throws {
    try await TestDaemon.with(Self.nightly) { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let paused = try await client.ask("PUT", "/v1/jobs/nightly/pause", #"{"note": "disk is full"}"#)
      #expect(paused.string("note") == "disk is full")
      #expect((try await client.get("/v1/jobs/nightly")["pause"] as? [String: Any])?["note"] as? String == "disk is full")
      #expect(try await client.get("/v1/status")["paused_jobs"] as? Int == 1)
      let ended = try await client.ask("DELETE", "/v1/jobs/nightly/pause")
      #expect(ended["caught_up"] as? Int == 0, "\(ended.text)")
      #expect(try await client.ask("DELETE", "/v1/jobs/nightly/pause").problem() == "not-found")
      let long = String(repeating: "n", count: 5_000)
      #expect(try await client.ask("PUT", "/v1/jobs/nightly/pause", #"{"note": "\#(long)"}"#).problem() == "invalid")
    }
  }

  @Test func backfilledInstantsStandInTheLedger() async throws {
    try await TestDaemon.with(Self.nightly) { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let stretch = #""from": "2026-01-01T00:00:00Z", "to": "2026-01-06T00:00:00Z", "schedule": "late""#
      let plan = try await client.post("/v1/jobs/nightly/backfill", "{\(stretch), \"plan\": true}")
      #expect(try plan.list("instants").count == 5, "\(plan.text)")
      #expect(plan["is_plan"] as? Bool == true)
      #expect(try await client.get("/v1/instants?job=nightly").list("instants").isEmpty)
      let done = try await client.post("/v1/jobs/nightly/backfill", "{\(stretch)}")
      #expect(try done.list("instants").allSatisfy { $0["run"] is String }, "\(done.text)")

      var seen: [String] = []
      var before = ""
      while true {
        let page = try await client.get("/v1/instants?job=nightly&fate=backfilled&limit=2\(before)")
        seen += try page.list("instants").compactMap { $0["due_at"] as? String }
        guard let next = page.string("next") else { break }
        before = "&before=\(next)"
      }
      #expect(seen == (1...5).reversed().map { "2026-01-0\($0)T22:00:00.000Z" })
      let part = try await client.get(
        "/v1/instants?from=2026-01-02T00:00:00%2B00:00&to=2026-01-04T00:00:00+00:00"
      ).list("instants")
      #expect(part.count == 2)
      let again = try await client.post("/v1/jobs/nightly/backfill", "{\(stretch)}")
      #expect(again["already_run"] as? Int == 5, "\(again.text)")
      for wrong in [
        #"{"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}"#,
        "{\(stretch), \"parallel\": 0}", #"{"from": "2026", "to": "2027"}"#,
        #"{"from": "2026-01-01T00:00:00Z", "to": "2026-01-06T00:00:00Z", "schedule": "lat"}"#,
      ] {
        #expect(try await client.post("/v1/jobs/nightly/backfill", wrong).problem() == "invalid", "\(wrong)")
      }
      let future = try await client.post(
        "/v1/jobs/nightly/backfill", #"{"from": "2026-01-01T00:00:00Z", "to": "2999-01-01T00:00:00Z"}"#)
      #expect(try future.problem() == "conflict")
      let preview = try await client.post("/v1/prune", #"{"dry_run": true, "instants_after": "0"}"#)
      #expect(preview["instants"] as? Int == 5)
      #expect(try await client.post("/v1/prune", #"{"instants_after": "0"}"#)["instants"] as? Int == 5)
      #expect(try await client.get("/v1/instants?job=nightly").list("instants").isEmpty)
    }
  }
}
