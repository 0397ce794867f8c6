import ControlAPI
import Engine
import Foundation
import JobModel
@testable import Server
import Store
import Testing

@Suite(.timeLimit(.minutes(5))) struct WatchTests {
  struct Event {
    var name: String
    var data: [String: Any]
  }

  private func events(_ text: String) throws -> [Event] {
    try text.replacing("\r", with: "").components(separatedBy: "\n\n").compactMap { block -> Event? in
      let lines = block.split(separator: "\n").filter { !$0.hasPrefix(":") }
      guard let name = lines.first(where: { $0.hasPrefix("event: ") })?.dropFirst(7),
        let data = lines.first(where: { $0.hasPrefix("data: ") })?.dropFirst(6)
      else { return nil }
      let json = try JSONSerialization.jsonObject(with: Data(data.utf8))
      return Event(name: String(name), data: try #require(json as? [String: Any]))
    }
  }

  private static let paced = [
    "paced": "plugin: scripted\nconfig: {script: \"!items 8 0\\n!pace 150\"}\ntimeouts: {cancel_grace: 100ms}\n",
    "hello": "plugin: hello\n",
    "long": "plugin: scripted\nconfig: {script: \"a 0 wait:60000\"}\ntimeouts: {cancel_grace: 100ms}\n",
  ]

  @Test func aRunIsFollowedToItsEnd() async throws {
    try await TestDaemon.with(Self.paced) { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let id = try #require(try await client.post("/v1/jobs/paced/trigger").string("id"))
      let began = ContinuousClock.now
      let reply = try await client.get("/v1/runs/\(id)/events?log=1")
      let took = began.duration(to: .now)
      #expect(reply.headers["content-type"] == "text/event-stream")
      let events = try events(reply.text)
      #expect(events.last?.name == "ended")
      #expect(events.last?.data["state"] as? String == "succeeded")
      let progress = events.filter { $0.name == "progress" }
      #expect(!progress.isEmpty)
      #expect(Double(progress.count) <= took / .milliseconds(200) + 2)
      #expect(progress.allSatisfy { $0.data["run"] as? String == id })
      #expect(events.contains { $0.name == "log" && $0.data["message"] as? String == "run \(id) is succeeded" })
      // The end is the last word, and there is one.
      #expect(events.filter { $0.name == "ended" }.count == 1)
      let after = try await self.events(client.get("/v1/runs/\(id)/events?log=1").text)
      #expect(after.map(\.name) == ["ended"])
    }
  }

  @Test func whatFailedIsSaidWhileTheNextTryIsWaitedFor() async throws {
    let job =
      "plugin: scripted\nconfig: {script: \"!break 1\\na 0 ok\\nb 0 ok\"}\nretry: {max_attempts: 3, base: 1s, jitter: none}\n"
    try await TestDaemon.with(["breaks": job]) { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let id = try #require(try await client.post("/v1/jobs/breaks/trigger").string("id"))
      let events = try events(try await client.get("/v1/runs/\(id)/events").text)
      #expect(events.last?.data["state"] as? String == "succeeded")
      let waits = events.compactMap { $0.data["waits_for"] as? String }
      #expect(waits.contains { $0.hasPrefix("1 of 3 tries failed: ") && $0.hasSuffix("; next in 1 s") }, "\(waits)")
    }
  }

  @Test func aWaitingRunIsWatchedToo() async throws {
    try await TestDaemon.with(Self.paced) { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let made = try await client.post("/v1/jobs/hello/trigger", #"{"at": "2099-01-01T00:00:00Z"}"#)
      let id = try #require(made.string("id"))
      async let watched = client.get("/v1/runs/\(id)/events")
      try await eventually { try await client.post("/v1/runs/\(id)/cancel").status == 200 }
      let events = try events(try await watched.text)
      #expect(events.last?.name == "ended")
      #expect(events.last?.data["state"] as? String == "cancelled")
    }
  }

  @Test func aClientThatLeavesMakesRoom() async throws {
    var limits = ServerLimits()
    limits.streams = 1
    limits.heartbeat = .milliseconds(100)
    try await TestDaemon.with(Self.paced, limits: limits) { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let id = try #require(try await client.post("/v1/jobs/long/trigger").string("id"))
      let file = "\(daemon.folder)/events"
      try Data().write(to: URL(fileURLWithPath: file))
      let first = Process()
      first.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
      first.arguments = ["-sN", "--unix-socket", daemon.socket, "http://localhost/v1/runs/\(id)/events"]
      first.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
      try first.run()
      try await eventually("progress and heartbeats") {
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        return lines.contains("event: progress") && lines.count { $0.hasPrefix(":") } > 3
      }
      let second = try await client.get("/v1/runs/\(id)/events")
      #expect(second.status == 503)
      #expect(try second.problem() == "unavailable")
      kill(first.processIdentifier, SIGKILL)  // it may have inherited a mask that blocks SIGTERM
      try await eventually("room for the next") {
        try await client.ask("GET", "/v1/runs/\(id)/events", nil, type: nil, ["--max-time", "1"]).status == 200
      }
    }
  }

  @Test func streamsEndWithTheServer() async throws {
    try await TestDaemon.with(Self.paced) { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let id = try #require(try await client.post("/v1/jobs/long/trigger").string("id"))
      try await eventually { try await client.get("/v1/status").list("active_runs").first?["in_flight"] as? Int == 1 }
      // Left running: the daemon's end must not wait for it.
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
      process.arguments = ["-sN", "--unix-socket", daemon.socket, "http://localhost/v1/runs/\(id)/events"]
      process.standardOutput = FileHandle.nullDevice
      try process.run()
    }
  }

  @Test func aWatcherThatIsFarBehindIsTakenForwardAndTold() async throws {
    try await TestDaemon.with(Self.paced) { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let id = try #require(try await client.post("/v1/jobs/hello/trigger").string("id"))
      _ = try await client.awaitEnd(id)
      let record = try await daemon.engine.store.run(reference: id)
      let watch = RunWatch(record, daemon.control(), includesLog: true)
      let line = #"{"at":1,"level":"info","pid":1,"source":"log","message":"\#(String(repeating: "x", count: 1_000))"}"# + "\n"
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(daemon.folder)/state/logs/\(id).ndjson"))
      try file.seekToEnd()
      try file.write(contentsOf: Data(String(repeating: line, count: 6_000).utf8))
      try file.close()
      guard case .log(let told) = try await watch.next() else { throw CancellationError() }
      #expect(told.source == "engine")
      #expect(told.message.contains("left out"))
      var lines = 0
      while let event = try await watch.next() { if case .log = event { lines += 1 } }
      #expect((20...100).contains(lines))
    }
  }
}
