import ControlAPI
import Foundation
import Testing

@Suite struct RouteTests {
  @Test func statusSaysHowTheDaemonIs() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      let reply = try await Client(socket: daemon.socket).get("/v1/status")
      #expect(reply.status == 200)
      #expect(reply.headers["content-type"] == "application/json")
      #expect(reply.string("version") == "1.2.3")
      #expect(reply["pid"] as? Int == Int(getpid()))
      #expect(reply.string("state") == "ready")
      #expect(reply["jobs"] as? Int == 1)
      #expect(reply.string("state_folder") == daemon.folder + "/state")
    }
  }

  @Test func whatIsWrongIsAProblemDocument() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let cases: [(String, String, String?, String?, Int, String, String)] = [
        // method, path, body, content type; status, code, words of the detail
        ("GET", "/v1/job/hello", nil, nil, 404, "not-found", "/v1/jobs/hello"),
        ("GET", "/v1/statsu", nil, nil, 404, "not-found", "did you mean /v1/status?"),
        ("GET", "/status", nil, nil, 404, "not-found", "did you mean /v1/status?"),
        ("GET", "/v1/status/", nil, nil, 404, "not-found", "did you mean /v1/status?"),
        ("GET", "/", nil, nil, 404, "not-found", "there is no path /"),
        ("GET", "/v1/%ff", nil, nil, 400, "malformed", "no UTF-8"),
        ("GET", "/v1/jobs/helo", nil, nil, 404, "not-found", "did you mean \"hello\"?"),
        ("GET", "/v1/runs/nothing", nil, nil, 404, "not-found", "nothing"),
        ("DELETE", "/v1/status", nil, nil, 405, "method-not-allowed", "GET"),
        ("PATCH", "/v1/status", nil, nil, 405, "method-not-allowed", "PATCH"),
        ("GET", "/v1/runs?limt=3", nil, nil, 422, "invalid", "did you mean limit?"),
        ("GET", "/v1/runs?limit=0", nil, nil, 422, "invalid", "1 to 1000"),
        ("GET", "/v1/runs?limit=1&limit=2", nil, nil, 422, "invalid", "once"),
        ("GET", "/v1/runs?state=runing", nil, nil, 422, "invalid", "did you mean \"running\"?"),
        ("GET", "/v1/runs?job=", nil, nil, 422, "invalid", "must not be empty"),
        ("GET", "/v1/runs?job=%zz", nil, nil, 400, "malformed", "%"),
        ("GET", "/v1/runs?job=helo", nil, nil, 404, "not-found", "did you mean \"hello\"?"),
        ("GET", "/v1/status?verbose=1", nil, nil, 422, "invalid", "it takes none"),
        ("GET", "/v1/instants?from=yesterday", nil, nil, 422, "invalid", "must be an instant"),
        ("GET", "/v1/instants?before=x", nil, nil, 422, "invalid", "before"),
        ("POST", "/v1/jobs/hello/trigger", "{", "application/json", 400, "malformed", "no JSON"),
        ("POST", "/v1/jobs/hello/trigger", "[]", "application/json", 400, "malformed", "object"),
        ("POST", "/v1/jobs/hello/trigger", "{}", "text/plain", 415, "unsupported-media-type", "text/plain"),
        ("POST", "/v1/jobs/hello/trigger", "{}", nil, 415, "unsupported-media-type", "application/json"),
        ("POST", "/v1/jobs/hello/trigger", #"{"sett": []}"#, "application/json", 422, "invalid", "did you mean \"set\"?"),
        ("POST", "/v1/jobs/hello/trigger", #"{"plan": "x"}"#, "application/json", 422, "invalid", "\"plan\""),
        ("POST", "/v1/jobs/hello/trigger", #"{"plan": null}"#, "application/json", 422, "invalid", "leave it out"),
        ("POST", "/v1/jobs/hello/trigger", #"{"only": [1]}"#, "application/json", 422, "invalid", "only.[0]"),
        ("POST", "/v1/jobs/hello/trigger", #"{"at": "soon"}"#, "application/json", 422, "invalid", "\"at\""),
        ("POST", "/v1/jobs/hello/trigger", #"{"overlap": "skp"}"#, "application/json", 422, "invalid", "\"skip\"?"),
        ("POST", "/v1/jobs/hello/trigger", #"{"set": ["count"]}"#, "application/json", 422, "invalid", "key=value"),
        ("POST", "/v1/jobs/hello/trigger", #"{"set": ["count=0"]}"#, "application/json", 422, "invalid", "does not accept"),
        ("POST", "/v1/jobs/helo/trigger", "{}", "application/json", 404, "not-found", "did you mean \"hello\"?"),
        ("POST", "/v1/reload", "{}", "application/json", 400, "malformed", "takes no body"),
        ("POST", "/v1/backup", nil, nil, 400, "malformed", "needs a body"),
        ("POST", "/v1/backup", "{}", "application/json", 422, "invalid", "lacks the key \"path\""),
        ("POST", "/v1/backup", #"{"path": "x"}"#, "application/json", 422, "invalid", "absolute"),
        ("POST", "/v1/prune", #"{"runs_after": "7"}"#, "application/json", 422, "invalid", "\"runs_after\""),
        ("DELETE", "/v1/jobs/hello/pause", nil, nil, 404, "not-found", "not paused"),
        ("POST", "/v1/plugins/reload?plugin=helo", nil, nil, 404, "not-found", "hello"),
      ]
      for (method, path, body, type, status, code, words) in cases {
        let reply = try await client.ask(method, path, body, type: type)
        #expect(reply.status == status, "\(method) \(path) \(body ?? ""): \(reply.text)")
        #expect(try reply.problem() == code, "\(method) \(path)")
        #expect(reply.string("detail")?.contains(words) == true, "\(method) \(path): \(reply.text)")
        #expect(reply.string("instance") == String(path.prefix { $0 != "?" }))
      }
      #expect(try await client.ask("PUT", "/v1/jobs").headers["allow"] == "GET, HEAD")
      #expect(try await client.ask("GET", "/v1/jobs/hello/pause").headers["allow"] == "PUT, DELETE")
    }
  }

  @Test func headIsGetWithoutABody() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let head = try await client.ask("HEAD", "/v1/jobs")
      #expect(head.status == 200)
      #expect(head.body.isEmpty)
      #expect(head.headers["content-length"] == "\(try await client.get("/v1/jobs").body.count)")
    }
  }

  @Test func aBodyMayBeAsLargeAsTheLimit() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let note = String(repeating: "x", count: 4_000)
      #expect(try await client.ask("PUT", "/v1/jobs/hello/pause", #"{"note": "\#(note)"}"#).status == 200)
      let file = "\(daemon.folder)/large"
      try Data(repeating: UInt8(ascii: " "), count: 1_048_577).write(to: URL(fileURLWithPath: file))
      let large = try await client.ask("PUT", "/v1/jobs/hello/pause", "@\(file)")
      #expect(large.status == 413)
      #expect(try large.problem() == "content-too-large")
      // Chunked: nobody says beforehand how long it is.
      let chunked = try await client.ask(
        "PUT", "/v1/jobs/hello/pause", "@\(file)", type: "application/json", ["--header", "Transfer-Encoding: chunked"])
      #expect(chunked.status == 413)
    }
  }
}
