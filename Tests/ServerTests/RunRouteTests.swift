import ControlAPI
import Foundation
import Testing

@Suite struct RunRouteTests {
  @Test func anEventBeginsARun() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let made = try await client.post("/v1/jobs/hello/trigger", #"{"event": {"Records": [{"s3": 1}]}}"#)
      #expect(made.status == 201 && made.string("trigger") == "event", "\(made.text)")
      let ended = try await client.awaitEnd(try #require(made.string("id")))
      #expect(ended["state"] as? String == "succeeded")
    }
  }

  @Test func aTriggeredRunIsSeenWholeUntilItsEnd() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let made = try await client.post("/v1/jobs/hello/trigger", #"{"set": ["count=7"]}"#)
      #expect(made.status == 201, "\(made.text)")
      #expect(made.string("job") == "hello")
      #expect(made.string("trigger") == "manual")
      let id = try #require(made.string("id"))
      let ended = try await client.awaitEnd(id)
      #expect(ended["state"] as? String == "succeeded")
      #expect((ended["counts"] as? [String: Any])?["succeeded"] as? Int == 7)
      #expect((ended["config"] as? [String: Any])?["count"] as? Int == 7)

      let items = try await client.get("/v1/items?run=\(id)&limit=3")
      #expect(try items.list("items").count == 3)
      let next = try #require(items["next"] as? Int)
      let rest = try await client.get("/v1/items?run=\(id)&limit=5&after=\(next)")
      #expect(try rest.list("items").count == 4)
      #expect(rest["next"] == nil)
      let item = try await client.get("/v1/runs/\(id)/items/guest-1")
      #expect((item["item"] as? [String: Any])?["state"] as? String == "succeeded")
      let other = try await client.get("/v1/runs/\(id)/items/gest-1")
      #expect(try other.problem() == "not-found")
      #expect(other.string("detail")?.contains("guest-") == true)

      let log = try await client.get("/v1/runs/\(id)/log?limit=200")
      #expect(log["is_open"] as? Bool == false)
      var lines = try log.list("lines")
      var place = try #require(log["next"] as? Int)
      while true {
        let page = try await client.get("/v1/runs/\(id)/log?limit=200&from=\(place)")
        let more = try page.list("lines")
        if more.isEmpty { break }
        lines += more
        place = try #require(page["next"] as? Int)
      }
      #expect(lines.first?["message"] as? String == "run \(id) of hello begins")
      #expect(lines.last?["message"] as? String == "run \(id) is succeeded")

      let job = try await client.get("/v1/jobs/hello")
      #expect((job["last_run"] as? [String: Any])?["id"] as? String == id)
      #expect(job.string("file") == "\(daemon.jobsFolder)/hello.yaml")
      #expect(try await client.get("/v1/jobs").list("jobs").count == 1)
      #expect(try await client.get("/v1/runs/last").string("id") == id)
      #expect(try await client.post("/v1/runs/\(id)/cancel").problem() == "conflict")
      #expect(try await client.post("/v1/runs/\(id)/resume").problem() == "conflict")
      #expect(try await client.post("/v1/runs/\(id)/retry").problem() == "conflict")
      #expect(try await client.get("/v1/runs/\(id)/artifacts").list("artifacts").isEmpty)
    }
  }

  @Test func listsArePagedByKey() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      var made: [String] = []
      for _ in 0..<5 {
        let reply = try await client.post("/v1/jobs/hello/trigger", #"{"plan": true}"#)
        made.append(try #require(reply.string("id")))
      }
      for run in made { _ = try await client.awaitEnd(run) }
      var seen: [String] = []
      var path = "/v1/runs?limit=2&job=hello&state=succeeded&state=failed"
      while true {
        let page = try await client.get(path)
        seen += try page.list("runs").compactMap { $0["id"] as? String }
        guard let next = page.string("next") else { break }
        path = "/v1/runs?limit=2&job=hello&state=succeeded&state=failed&before=\(next)"
      }
      #expect(seen == made.reversed())
    }
  }

  @Test func failedItemsAreTriedAgainWithNewPayloads() async throws {
    let script = #"config: {script: "a/b 0 fail,ok\nsure 0 ok"}"#
    try await TestDaemon.with(["mixed": "plugin: scripted\nretry: {max_attempts: 1}\n\(script)\n"]) {
      (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let id = try #require(try await client.post("/v1/jobs/mixed/trigger").string("id"))
      #expect(try await client.awaitEnd(id)["state"] as? String == "completedWithFailures")
      let item = try await client.get("/v1/runs/\(id)/items/a%2Fb")
      #expect((item["item"] as? [String: Any])?["state"] as? String == "dead", "\(item.text)")
      #expect(try await client.post("/v1/runs/\(id)/retry", #"{"keys": ["sure"]}"#).problem() == "conflict")
      #expect(try await client.post("/v1/runs/\(id)/retry", #"{"keys": ["nobody"]}"#).problem() == "not-found")
      #expect(try await client.post("/v1/runs/\(id)/retry", #"{"keys": []}"#).problem() == "invalid")
      let wrong = try await client.post("/v1/runs/\(id)/retry", #"{"keys": ["a/b"], "payloads": {"sure": 1}}"#)
      #expect(try wrong.problem() == "conflict", "\(wrong.text)")
      // The plugin takes its payload as what to do, and does an item whose payload it cannot read.
      let odd = #"{"keys": ["a/b"], "payloads": {"a/b": {"camelCase": [1, null]}}}"#
      let again = try await client.post("/v1/runs/\(id)/retry", odd)
      #expect(again.status == 200, "\(again.text)")
      #expect(again.string("state") == "queued")
      #expect(try await client.awaitEnd(id)["state"] as? String == "succeeded")
      let after = try await client.get("/v1/runs/\(id)/items/a%2Fb")
      let payload = (after["item"] as? [String: Any])?["payload"] as? [String: Any]
      #expect(payload?.keys.sorted() == ["camelCase"], "\(after.text)")
    }
  }

  @Test func aRunUnderWayIsCancelled() async throws {
    let jobs = ["slow": "plugin: scripted\nconfig: {script: \"a 0 wait:30000\"}\ntimeouts: {cancel_grace: 100ms}\n"]
    try await TestDaemon.with(jobs) { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let id = try #require(try await client.post("/v1/jobs/slow/trigger").string("id"))
      try await eventually { try await client.get("/v1/status").list("active_runs").first?["in_flight"] as? Int == 1 }
      let workers = try await client.get("/v1/status").list("workers")
      #expect(workers.first?["plugin"] as? String == "scripted")
      #expect(workers.first?["is_idle"] as? Bool == false)
      #expect(try await client.post("/v1/runs/\(id)/resume").problem() == "conflict")
      #expect(try await client.post("/v1/runs/\(id)/cancel", #"{"reason": "enough"}"#).status == 200)
      let ended = try await client.awaitEnd(id)
      #expect(ended["state"] as? String == "cancelled")
      #expect(ended["error"] as? String == "enough")
    }
  }

  /// What a person asks for waits its turn, but for a job whose runs may be beside each other.
  @Test(arguments: [("skip", 1), ("allow", 2)])
  func runsByHandAreBesideEachOtherWhereTheJobAllowsIt(_ overlap: String, _ count: Int) async throws {
    let script = "config: {script: \"a 0 wait:30000\"}\ntimeouts: {cancel_grace: 100ms}\n"
    let jobs = ["slow": "plugin: scripted\noverlap: \(overlap)\n\(script)"]
    try await TestDaemon.with(jobs) { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      for _ in 0..<2 { _ = try #require(try await client.post("/v1/jobs/slow/trigger").string("id")) }
      try await eventually {
        let runs = try await client.get("/v1/status").list("active_runs")
        return runs.count { $0["in_flight"] as? Int == 1 } == count
      }
      #expect(try await client.get("/v1/status")["queued_runs"] as? Int == 2 - count)
    }
  }

  @Test func aRunThatIsPutOffWaits() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let made = try await client.post("/v1/jobs/hello/trigger", #"{"at": "2099-01-01T00:00:00+02:00"}"#)
      #expect(made.string("state") == "queued")
      #expect(made.string("not_before") == "2098-12-31T22:00:00.000Z")
      #expect(try await client.get("/v1/status")["queued_runs"] as? Int == 1)
      let id = try #require(made.string("id"))
      #expect(try await client.post("/v1/runs/\(id)/cancel").string("state") == "cancelled")
    }
  }

  @Test func theStoreIsCopiedAndPruned() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let id = try #require(try await client.post("/v1/jobs/hello/trigger").string("id"))
      _ = try await client.awaitEnd(id)
      let file = "\(daemon.folder)/copy.db"
      let copy = try await client.post("/v1/backup", #"{"path": "\#(file)"}"#)
      #expect(copy.status == 200, "\(copy.text)")
      #expect(copy["bytes"] as? Int ?? 0 > 4_096)
      #expect(try await client.post("/v1/backup", #"{"path": "\#(file)"}"#).problem() == "conflict")
      #expect(try await client.post("/v1/backup", #"{"path": "\#(file)", "overwrites": true}"#).status == 200)
      let preview = try await client.post("/v1/prune", #"{"dry_run": true, "runs_after": "0"}"#)
      #expect(preview["runs"] as? [String] == [id])
      #expect(try await client.get("/v1/runs/\(id)").status == 200)
      let pruned = try await client.post("/v1/prune", #"{"runs_after": "0"}"#)
      #expect(pruned["runs"] as? [String] == [id])
      #expect(try await client.get("/v1/runs/\(id)").status == 404)
      #expect(access("\(daemon.folder)/state/logs/\(id).ndjson", F_OK) != 0)
    }
  }
}
