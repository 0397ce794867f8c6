import Engine
import Foundation
@testable import Server
import Store
import Testing

/// Clients that do not keep to HTTP, or to decency. The daemon must stay as it is for others.
@Suite(.timeLimit(.minutes(5))) struct HostileTests {
  private static let limits: ServerLimits = {
    var limits = ServerLimits()
    limits.connections = 64
    limits.requestTime = .milliseconds(800)
    limits.idleTime = .seconds(2)
    limits.answerTime = .seconds(1)
    return limits
  }()

  /// What came of one case, one or more times.
  private func attack(_ daemon: TestDaemon, _ arguments: String...) async throws -> [[String: Any]] {
    let (status, output, errors) = try await execute(
      try Installation.python(), ["\(Installation.root)/Tests/ServerTests/Oracle/hostile.py", daemon.socket] + arguments)
    try #require(status == 0, "\(arguments): \(errors)")
    let json = try JSONSerialization.jsonObject(with: output)
    return try #require(json as? [[String: Any]] ?? (json as? [String: Any]).map { [$0] })
  }

  @Test func brokenRequestsAreRefusedAndOthersServed() async throws {
    try await TestDaemon.with(limits: Self.limits) { (daemon: TestDaemon) async throws in
      let expected: [(String, [Int])] = [
        ("large-header", [431]), ("large-headers", [431]), ("many-headers", [431]), ("large-target", [400, 414, 431]),
        ("http-0.9", [400]), ("tls", [400]), ("noise", [400]), ("two-lengths", [400]), ("length-and-chunks", [400]),
        ("bad-chunk", [400]), ("negative-length", [400]),
      ]
      for (name, statuses) in expected {
        for result in try await attack(daemon, name) {
          #expect(result["closed"] as? Bool == true, "\(name): \(result)")
          let got = try #require(result["statuses"] as? [Int])
          #expect(got.count == 1 && statuses.contains(got.first ?? 0), "\(name): \(result)")
          #expect(result["kind"] as? String == "problem", "\(name): \(result)")
        }
        #expect(try await Client(socket: daemon.socket).get("/v1/status").status == 200)
      }
      #expect(try await daemon.engine.store.runs(.init()).isEmpty)
    }
  }

  @Test func slowClientsAreCut() async throws {
    try await TestDaemon.with(limits: Self.limits) { (daemon: TestDaemon) async throws in
      for name in ["half-request", "silent", "drip-header", "drip-body", "missing-body"] {
        let result = try await attack(daemon, name)[0]
        #expect(result["closed"] as? Bool == true, "\(name): \(result)")
        #expect(result["seconds"] as? Double ?? 99 < 6, "\(name): \(result)")
      }
      #expect(try await attack(daemon, "half-request")[0]["statuses"] as? [Int] == [408])
      let deaf = try await attack(daemon, "deaf")[0]
      #expect(deaf["cut"] as? Bool == true, "\(deaf)")
    }
  }

  @Test func requestsMayComeTogether() async throws {
    try await TestDaemon.with(limits: Self.limits) { (daemon: TestDaemon) async throws in
      let result = try await attack(daemon, "pipelined")[0]
      #expect(result["statuses"] as? [Int] == Array(repeating: 200, count: 100))
      #expect(try await attack(daemon, "http-1.0")[0]["statuses"] as? [Int] == [200])
    }
  }

  @Test func aCrowdOfConnectionsIsTurnedAway() async throws {
    try await TestDaemon.with(limits: Self.limits) { (daemon: TestDaemon) async throws in
      let result = try await attack(daemon, "crowd", "10000")[0]
      let held = try #require(result["held"] as? Int)
      #expect(held >= 1_000, "\(result)")
      // 64 have a place; when they are cut for their silence, others get it.
      #expect(result["told"] as? Int ?? 0 >= held * 3 / 4, "\(result)")
      try await eventually("room for others") {
        try await Client(socket: daemon.socket).get("/v1/status").status == 200
      }
    }
  }
}
