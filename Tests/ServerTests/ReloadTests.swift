import ControlAPI
import Foundation
import Synchronization
import Testing

@Suite struct ReloadTests {
  @Test func aReloadChangesAllOrNothing() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      #expect(try await client.post("/v1/reload")["changed"] as? [String] == [])
      try daemon.job("more", "plugin: hello\nconfig: {count: 1}\n")
      try daemon.job("hello", "plugin: hello\nconfig: {count: 6}\n")
      let first = try await client.post("/v1/reload")
      #expect(first["added"] as? [String] == ["more"], "\(first.text)")
      #expect(first["changed"] as? [String] == ["hello"])

      // One file is wrong by itself, one in the plugin's eyes: both are told, and nothing of the good one is in force.
      try daemon.job("good", "plugin: hello\n")
      try daemon.job("bad", "plugin: hello\nretri: {}\n")
      let refused = try await client.post("/v1/reload")
      #expect(refused.status == 422)
      #expect(try refused.problem() == "invalid")
      let finding = try #require(try refused.list("findings").first)
      #expect((finding["file"] as? String)?.hasSuffix("bad.yaml") == true)
      #expect(finding["line"] as? Int == 3)
      #expect(try await client.get("/v1/jobs/good").status == 404)
      #expect(try await client.get("/v1/status").string("state") == "degraded")
      #expect((try await client.get("/v1/status")["problems"] as? [String])?.first?.contains("refused") == true)

      try daemon.job("bad", "plugin: hello\nconfig: {count: 0}\n")
      let byPlugin = try await client.post("/v1/reload")
      #expect(byPlugin.status == 422)
      let found = try #require(try byPlugin.list("findings").first)
      #expect(found["key"] as? String == "config.count")
      #expect(found["line"] as? Int == 3)
      try daemon.job("bad", "plugin: no-such-plugin\n")
      let missing = try #require(try await client.post("/v1/reload").list("findings").first)
      #expect(missing["key"] as? String == "plugin")

      unlink("\(daemon.jobsFolder)/bad.yaml")
      unlink("\(daemon.jobsFolder)/more.yaml")
      let healed = try await client.post("/v1/reload")
      #expect(healed["added"] as? [String] == ["good"])
      #expect(healed["removed"] as? [String] == ["more"])
      #expect(try await client.get("/v1/status").string("state") == "ready")
    }
  }

  @Test func reloadsThatComeTogetherGoOneAfterAnother() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<8 { group.addTask { try await client.post("/v1/reload").status } }
        for try await status in group { #expect(status == 200) }
      }
    }
  }

  @Test func aPluginThatDiesWhileItChecksIsBlamedOnItsJobAlone() async throws {
    let jobs = [
      "killer": "plugin: misbehaving\nconfig: {items: 1, faults: [{key: item-1, fault: nonsense}]}\n"
    ]
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      for (name, text) in jobs { try daemon.job(name, text) }
      try daemon.job("fine", "plugin: misbehaving\nconfig: {items: 1}\n")
      let reply = try await Client(socket: daemon.socket).post("/v1/reload")
      #expect(reply.status == 422)
      #expect(try reply.list("findings").allSatisfy { $0["job"] as? String == "killer" }, "\(reply.text)")
    }
  }

  @Test func manyJobsOfOnePluginAreCheckedInFewProcesses() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      for number in 0..<300 { try daemon.job("job-\(number)", "plugin: hello\nconfig: {count: \(number + 1)}\n") }
      let reply = try await Client(socket: daemon.socket).post("/v1/reload")
      #expect(reply["jobs"] as? Int == 301, "\(reply.text)")
    }
  }

  @Test func idleWorkersOfAPluginAreEnded() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let id = try #require(try await client.post("/v1/jobs/hello/trigger").string("id"))
      _ = try await client.awaitEnd(id)
      try await eventually { try await client.get("/v1/status").list("workers").contains { $0["is_idle"] as? Bool == true } }
      let reply = try await client.post("/v1/plugins/reload?plugin=hello")
      #expect(reply["ended"] as? Int ?? 0 > 0, "\(reply.text)")
      #expect(try await client.get("/v1/status").list("workers").isEmpty)
    }
  }

  @Test func aDrainingDaemonBeginsNothing() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      #expect(try await client.get("/readyz").status == 200)
      #expect(try await client.post("/v1/drain").status == 202)
      #expect(daemon.drained.withLock { $0 })
      #expect(try await client.post("/v1/jobs/hello/trigger").problem() == "unavailable")
      #expect(try await client.get("/readyz").problem() == "unavailable")
      #expect(try await client.get("/healthz").status == 200)
      #expect(try await client.get("/v1/status").string("state") == "draining")
    }
  }
}
