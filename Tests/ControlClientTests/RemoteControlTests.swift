import ControlAPI
import Foundation
import JobModel
import Testing

@testable import ControlClient

@Suite(.timeLimit(.minutes(2))) struct RemoteControlTests {
  @Test func nobody_left_behind_and_somebody() async throws {
    let peer = try await Peer()
    #expect(try peer.socket.peer() == peer.pid)
    let start = ContinuousClock.now
    let none = try await refusal { _ = try await RemoteControl(DaemonSocket("\(peer.folder)/none")).jobs(JobsRequest()) }
    #expect(none.code == .notHere && none.message.contains("there is no socket \(peer.folder)/none"))
    peer.stop()
    let stale = try await refusal { _ = try await RemoteControl(peer.socket).jobs(JobsRequest()) }
    #expect(stale.code == .notHere && stale.message.contains("nobody listens on \(peer.socket.path)"))
    try Data().write(to: URL(fileURLWithPath: "\(peer.folder)/file"))
    let file = try await refusal { _ = try DaemonSocket("\(peer.folder)/file").peer() }
    #expect(file.code == .notHere)
    let long = try await refusal { _ = try DaemonSocket("/" + String(repeating: "x", count: 107)).peer() }
    #expect(start.duration(to: .now) < .seconds(4), "nobody is waited for who is not there")
    #expect(long.code == .invalid && long.message.contains("108 bytes long and may have 107"))
  }

  @Test func answers_and_problems() async throws {
    let peer = try await Peer()
    let control = RemoteControl(peer.socket)
    #expect(try await control.jobs(JobsRequest()) == JobsPage(jobs: [], next: nil))
    let findings = try await refusal { _ = try await control.job("findings") }
    #expect(findings.code == .invalid && findings.message == "a job file is not valid")
    #expect(findings.findings.first?.line == 3 && findings.findings.first?.key == "retry")
    let plain = try await refusal { _ = try await control.job("plain") }
    #expect(plain.code == .unavailable && plain.message.contains("503"))
    let nonsense = try await refusal { _ = try await control.job("nonsense") }
    #expect(nonsense.code == .fault && nonsense.message.contains("is it of another version?"))
    let half = try await refusal { _ = try await control.job("half") }
    #expect(half.code == .unavailable && half.message.contains("broke off"))
  }

  /// What the server sees of a request, by its own account.
  @Test func requests_arrive_as_they_were_meant() async throws {
    let peer = try await Peer()
    let control = RemoteControl(peer.socket)
    func echo(_ work: () async throws -> Void) async throws -> String { try await refusal(work).message }
    #expect(
      try await echo { _ = try await control.item(run: "echo", key: "a/b c%?ä.jpg") }
        == "GET /v1/runs/echo/items/a%2Fb%20c%25%3F%C3%A4.jpg ")
    #expect(try await echo { _ = try await control.item(run: "echo", key: "..") } == "GET /v1/runs/echo/items/%2E%2E ")
    var request = TriggerRequest(set: ["a.b=c"], plan: true)
    request.overlap = "skip"
    #expect(
      try await echo { _ = try await control.trigger("echo", request) }
        == #"POST /v1/jobs/echo/trigger {"overlap":"skip","plan":true,"set":["a.b=c"]}"#)
    #expect(
      try await echo { _ = try await control.retry("echo", RetryRequest(payloads: ["aKey": .object(["someKey": 1])])) }
        == #"POST /v1/runs/echo/retry {"payloads":{"aKey":{"someKey":1}}}"#)
    #expect(try await echo { _ = try await control.pause("echo", note: "n") } == #"PUT /v1/jobs/echo/pause {"note":"n"}"#)
    #expect(try await echo { _ = try await control.endPause("echo") } == "DELETE /v1/jobs/echo/pause ")
    #expect(
      try await echo { _ = try await control.log("echo", from: 5, limit: 10) } == "GET /v1/runs/echo/log?from=5&limit=10 ")
  }

  @Test func lists_carry_their_filters() {
    let route = Route("runs").with("job", "a b").with("state", each: ["dead", "x&y"]).with("before", nil as String?).with(
      "limit", 3)
    #expect(route.text == "/v1/runs?job=a%20b&state=dead&state=x%26y&limit=3")
  }

  @Test func a_slow_daemon_is_not_waited_for() async throws {
    let peer = try await Peer()
    let control = RemoteControl(peer.socket, patience: .milliseconds(300))
    let start = ContinuousClock.now
    let slow = try await refusal { _ = try await control.status() }
    #expect(slow.code == .unavailable && slow.message.contains("did not answer within 0.3 s"))
    let stall = try await refusal { _ = try await control.job("stall") }
    #expect(stall.code == .unavailable && stall.message.contains("did not answer"))
    #expect(start.duration(to: .now) < .seconds(20))
  }

  private func watch(_ run: String, _ control: RemoteControl) async throws -> ([RunEvent], ControlError?) {
    var events: [RunEvent] = []
    do {
      for try await event in try await control.watch(run, includesLog: true) { events.append(event) }
    } catch let error as ControlError {
      return (events, error)
    }
    return (events, nil)
  }

  @Test(arguments: ["whole", "drops"]) func a_stream_is_followed_to_its_end(_ run: String) async throws {
    let peer = try await Peer()
    let (events, error) = try await watch(run, RemoteControl(peer.socket))
    #expect(error == nil)
    try #require(events.count == 3)
    guard case .progress(let progress) = events[0], case .log(let line) = events[1], case .ended(let end) = events[2] else {
      Issue.record("\(events)")
      return
    }
    #expect(progress.elapsedS == 1.5 && line.message == "näm\nlich" && end.state == "succeeded")
    #expect(end.config == .object(["keepMe": 1, "and_me": .object(["soAm_I": true])]))
  }

  @Test(arguments: [("cut", "ended the stream"), ("torn", ""), ("silent", "did not answer within")])
  func a_stream_that_breaks_says_so(_ run: String, _ says: String) async throws {
    let peer = try await Peer()
    let (events, error) = try await watch(run, RemoteControl(peer.socket, silence: .milliseconds(300)))
    #expect(events.count == 2)
    let message = error?.message ?? "none"
    #expect(error?.code == .unavailable && (says.isEmpty || message.contains(says)), "\(message)")
  }
}
