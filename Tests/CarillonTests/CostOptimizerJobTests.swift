import AWSTestServers
import Foundation
import Testing

/// `jobs/cost-optimizer.yaml` through the real program, host and store.
@Suite(.timeLimit(.minutes(3))) struct CostOptimizerJobTests {
  private let box: Sandbox

  init() throws {
    box = try Sandbox()
    box.environment["CARILLON_PLUGINS"] = Program.products
    let job = try String(contentsOfFile: "\(Program.root)/jobs/cost-optimizer.yaml", encoding: .utf8)
    try box.file("jobs/cost-optimizer.yaml", job)
    try FileManager.default.removeItem(atPath: "\(box.folder)/jobs/hello.yaml")
  }

  private func run(at endpoint: String, _ more: String...) async throws -> Answer {
    let aws = ["aws.region=us-east-1", "aws.endpoint=\(endpoint)", "aws.accessKeyId=AKID", "aws.secretAccessKey=hidden"]
    return try await box.carillon(["run", "cost-optimizer", "--json"] + aws.flatMap { ["--set", $0] } + more)
  }

  /// The paths of a run's artifacts, by name.
  private func artifacts(_ answer: Answer) throws -> [String: String] {
    let list = try #require(try answer.json()["artifacts"] as? [[String: Any]])
    return Dictionary(
      uniqueKeysWithValues: try list.map { (try #require($0["name"] as? String), try #require($0["path"] as? String)) })
  }

  @Test func itIsValid() async throws {
    let answer = try await box.carillon("jobs", "check")
    #expect(answer.status == 0, "\(answer)")
  }

  /// Moto: functions and figures made by boto3.
  @Test func analysedPlannedAndApplied() async throws {
    let endpoint = try MotoServer.endpoint()
    let prefix = "job-\(UUID().uuidString.prefix(8))"
    let now = Int(Date().timeIntervalSince1970)
    try box.file(
      "order.json",
      "{\"endpoint\":\"\(endpoint)\",\"prefix\":\"\(prefix)\",\"seed\":7,\"from\":\(now - 20 * 86_400),\"to\":\(now - 86_400)}")
    let script = "\(Program.root)/plugins/cost-optimizer/Tests/CostOptimizerTests/Oracle/moto_account.py"
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let made = try await box.shell(
      "PATH=\"\(path)\"; $(\(Program.root)/etc/test-servers/python.sh) \(script) < \(box.folder)/order.json")
    try #require(made.status == 0, "\(made)")

    let answer = try await run(at: endpoint)
    #expect(answer.status == 0, "\(answer)")
    let left = try artifacts(answer)
    #expect(Set(left.keys) == ["cost-report.html", "cost-report.json", "cost-report.md", "plan.json"])
    let page = try String(contentsOfFile: try #require(left["cost-report.html"]), encoding: .utf8)
    #expect(page.contains("\(prefix)-films") && page.contains("<svg"))
    #expect(!page.contains("hidden"))

    let rehearsed = try await run(at: endpoint, "--apply", "last", "--plan")
    #expect(rehearsed.status == 0, "\(rehearsed)")
    let items = try await box.carillon("item", "show", "last", "\(prefix)-films", "--json").json()
    let effect = try #require((items["item"] as? [String: Any])?["effect"] as? [String: Any], "\(items)")
    #expect((effect["set"] as? [String: Any])?["timeoutSeconds"] != nil, "\(effect)")

    let applied = try await run(at: endpoint, "--apply", "last")
    #expect(applied.status == 0, "\(applied)")
    let again = try await run(at: endpoint, "--apply", "last")
    let counts = try #require((try again.json()["run"] as? [String: Any])?["counts"] as? [String: Int])
    #expect(counts["succeeded"] == 0 && (counts["skipped"] ?? 0) > 0, "\(again)")
  }

  /// The engine hands items over as it likes; batches are full all the same.
  @Test func callsThroughTheEngine() async throws {
    let account = LambdaAccount(
      (0..<500).map { number in
        var function = LambdaAccount.Function("f\(number)")
        function.metrics = [
          "Invocations Sum": [100], "Duration Sum": [1_000], "Duration SampleCount": [100], "Duration Maximum": [30],
        ]
        return function
      })
    let answer = try await ScriptedServer.run({ request, _ in account.answer(request) }) { server in
      try await run(at: server.url)
    }
    #expect(answer.status == 0, "\(answer)")
    #expect(account.metricsAsked == 3_500)
    #expect(account.allCalls <= account.metricsAsked / 20, "\(account.calls)")
  }
}
