import ControlAPI
import Engine
import Foundation
import HTTPTypes
import JobModel
@testable import Server
import Testing

/// The OpenAPI document against the routes, against answers, and against a generator of requests that knows nothing else.
@Suite(.timeLimit(.minutes(10))) struct OpenAPITests {
  private static let jobs = [
    "hello": "plugin: hello\nsummary: Greets\nconfig: {count: 3}\n",
    "mixed": "plugin: scripted\nretry: {max_attempts: 2, base: 1ms}\nconfig: {script: \"a 0 retry:1,fail\\nb/c 0 output:x\"}\n",
    "nightly": "plugin: hello\nschedules: [{name: early, cron: \"0 2 * * *\", zone: Europe/Berlin}]\n",
  ]

  private func document(_ client: Client) async throws -> [String: Any] {
    let reply = try await client.get("/v1/openapi.json")
    #expect(reply.status == 200)
    return try reply.json()
  }

  @Test func everyRouteIsDocumentedAndEveryDocumentedPathAnswers() async throws {
    try await TestDaemon.with(Self.jobs) { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let document = try await document(client)
      let paths = try #require(document["paths"] as? [String: [String: Any]])
      let documented = Set(paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } })
      let probes = Probes(engine: daemon.engine, scheduler: daemon.scheduler, phase: daemon.phase)
      let metrics = MetricsPage(
        engine: daemon.engine, scheduler: daemon.scheduler, dispatcher: daemon.dispatcher, phase: daemon.phase, version: "1",
        startedAt: .systemNow())
      let table = RouteTable.all(daemon.control(), probes, metrics, version: "1")
      #expect(documented == Set(table.routes.map { "\($0.method.rawValue) \($0.path)" }))
      #expect(Set(table.routes.map(\.operation)).count == table.routes.count)
      for (path, methods) in paths {
        let filled = path.replacing("{job}", with: "no-job").replacing("{run}", with: "no-run").replacing("{key}", with: "k")
        for (method, operation) in methods where operation is [String: Any] {
          if path == "/v1/drain" { continue }
          let reply = try await client.ask(method.uppercased(), filled)
          #expect(reply.status != 405, "\(method) \(path)")
          #expect(reply.string("detail")?.contains("there is no path") != true, "\(method) \(path)")
        }
      }
    }
  }

  @Test func answersAreAsDocumented() async throws {
    try await TestDaemon.with(Self.jobs) { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      var answers: [[String: Any]] = []
      @discardableResult
      func ask(_ method: String, _ template: String, _ path: String? = nil, _ body: String? = nil) async throws -> Client.Reply
      {
        let reply = try await client.ask(method, path ?? template, body)
        let type = reply.headers["content-type"] ?? ""
        let isText = type.hasPrefix("text/plain")
        answers.append([
          "method": method, "path": template, "status": reply.status,
          "media_type": isText ? type : String(type.prefix { $0 != ";" }), "body": reply.text,
        ])
        return reply
      }
      let run = "/v1/runs/{run}"
      let id = try #require(
        try await ask("POST", "/v1/jobs/{job}/trigger", "/v1/jobs/mixed/trigger", #"{"only": ["a", "b/c"]}"#).string("id"))
      try await ask("GET", run, "/v1/runs/\(id)")
      try await ask("GET", "/v1/status")
      _ = try await client.awaitEnd(id)
      try await ask("GET", "/v1/status")
      try await ask("GET", run, "/v1/runs/\(id)")
      try await ask("GET", "/v1/runs", "/v1/runs?limit=1")
      try await ask("GET", "/v1/items", "/v1/items?run=\(id)&limit=1")
      try await ask("GET", "\(run)/items/{key}", "/v1/runs/\(id)/items/a")
      try await ask("GET", "\(run)/items/{key}", "/v1/runs/\(id)/items/b%2Fc")
      try await ask("GET", "\(run)/items/{key}", "/v1/runs/\(id)/items/none")
      try await ask("GET", "\(run)/log", "/v1/runs/\(id)/log")
      try await ask("GET", "\(run)/artifacts", "/v1/runs/\(id)/artifacts")
      try await ask("GET", "\(run)/events", "/v1/runs/\(id)/events?log=1")
      try await ask("POST", "\(run)/retry", "/v1/runs/\(id)/retry", #"{"keys": ["a"]}"#)
      try await ask("POST", "\(run)/cancel", "/v1/runs/\(id)/cancel", #"{"reason": "x"}"#)
      try await ask("POST", "\(run)/resume", "/v1/runs/\(id)/resume")
      try await ask("GET", "/v1/jobs")
      for job in ["nightly", "mixed", "none"] { try await ask("GET", "/v1/jobs/{job}", "/v1/jobs/\(job)") }
      try await ask("PUT", "/v1/jobs/{job}/pause", "/v1/jobs/nightly/pause", #"{"note": "n"}"#)
      try await ask("GET", "/v1/jobs/{job}", "/v1/jobs/nightly")
      try await ask("DELETE", "/v1/jobs/{job}/pause", "/v1/jobs/nightly/pause")
      try await ask("DELETE", "/v1/jobs/{job}/pause", "/v1/jobs/nightly/pause")
      let stretch = #""from": "2026-01-01T00:00:00Z", "to": "2026-01-03T00:00:00Z""#
      try await ask("POST", "/v1/jobs/{job}/backfill", "/v1/jobs/nightly/backfill", "{\(stretch), \"plan\": true}")
      try await ask("POST", "/v1/jobs/{job}/backfill", "/v1/jobs/nightly/backfill", "{\(stretch)}")
      try await ask("GET", "/v1/instants", "/v1/instants?limit=1")
      try await ask("GET", "/v1/upcoming", "/v1/upcoming?limit=2")
      try daemon.job("bad", "plugin: hello\nretri: 1\n")
      try await ask("POST", "/v1/reload")
      unlink("\(daemon.jobsFolder)/bad.yaml")
      try await ask("POST", "/v1/reload")
      try await ask("POST", "/v1/plugins/reload")
      try await ask("POST", "/v1/backup", nil, #"{"path": "\#(daemon.folder)/copy"}"#)
      try await ask("POST", "/v1/backup", nil, #"{"path": "\#(daemon.folder)/copy"}"#)
      try await ask("POST", "/v1/prune", nil, #"{"dry_run": true}"#)
      for path in ["/healthz", "/readyz", "/metrics", "/v1/openapi.json"] { try await ask("GET", path) }
      try await ask("POST", "/v1/drain")

      let statuses = answers.compactMap { $0["status"] as? Int }
      #expect(statuses.count { $0 < 300 } > 30)
      let (documentFile, answersFile) = ("\(daemon.folder)/openapi.json", "\(daemon.folder)/answers.json")
      try await client.get("/v1/openapi.json").body.write(to: URL(fileURLWithPath: documentFile))
      try JSONSerialization.data(withJSONObject: answers).write(to: URL(fileURLWithPath: answersFile))
      let (status, output, errors) = try await execute(
        try Installation.python(),
        ["\(Installation.root)/Tests/ServerTests/Oracle/openapi.py", documentFile, answersFile])
      #expect(status == 0, "\(errors)")
      #expect(String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines) == "")
    }
  }

  @Test func aGeneratorOfRequestsFindsNoFault() async throws {
    try await TestDaemon.with(Self.jobs) { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let id = try #require(try await client.post("/v1/jobs/mixed/trigger").string("id"))
      _ = try await client.awaitEnd(id)
      let (status, output, errors) = try await execute(
        try Installation.python(), ["\(Installation.root)/Tests/ServerTests/Oracle/generator.py", daemon.socket, "12"])
      #expect(status == 0, "\(String(decoding: output, as: UTF8.self).suffix(6_000))\n\(errors.suffix(2_000))")
      #expect(try await client.get("/v1/status").status == 200)
      #expect(try await client.get("/healthz").status == 200)
    }
  }

  @Test func theDocumentInTheRepositoryIsTheServers() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      let reply = try await Client(socket: daemon.socket).get("/v1/openapi.json")
      let file = "\(Installation.root)/docs/openapi.json"
      let text = reply.text.replacing("\"version\" : \"1.2.3\"", with: "\"version\" : \"0\"") + "\n"
      if ProcessInfo.processInfo.environment["CARILLON_WRITE_OPENAPI"] != nil {
        try text.write(toFile: file, atomically: true, encoding: .utf8)
      }
      #expect(
        try String(contentsOfFile: file, encoding: .utf8) == text,
        "docs/openapi.json is not of these routes: run the tests once with CARILLON_WRITE_OPENAPI=1")
    }
  }
}
