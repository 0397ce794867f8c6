import AWSTestServers
import CarillonPlugin
import CarillonPluginTesting
import Foundation
import NIOCore
import Testing

@testable import CostOptimizer

/// The plugin through its C functions, against an account that pages, throttles and fails as AWS does.
@Suite struct CostOptimizerPluginTests {
  @Test func aWholeRun() async throws {
    var idle = Fixture.function("idle", calls: 0, meanMs: 0)
    idle.metrics = [:]
    let account = LambdaAccount([Fixture.function("shop", calls: 100_000), idle])
    let record = try await Fixture.run(account)
    #expect(record.items.map(\.key) == ["shop", "idle"])
    let shop = try record.function("shop")
    let usage = try #require(shop.usage)
    #expect(usage.invocations == 3e6 && usage.meanMs == 200 && usage.longestMs == 900 && usage.p95Ms == 400)
    #expect(abs(try #require(shop.cost).total - (600_000 * 0.0000166667 + 0.6)) < 1e-9)
    #expect(Set(shop.recommendations.map(\.kind)) == [.memory, .architecture, .timeout])
    #expect(try record.function("idle").advice(.unused)?.confidence == .high)
    #expect(record.artifacts.keys.sorted() == ["cost-report.html", "cost-report.json", "cost-report.md", "plan.json"])
    struct Short: Decodable {
      var functions: Int
      var monthlyCost: Double
    }
    let short = try JSONDecoder().decode(Short.self, from: Data(try #require(record.report).utf8))
    #expect(short.functions == 2 && short.monthlyCost == 10.6)
    #expect(account.changes.isEmpty)
  }

  @Test func everyPageOfFunctionsIsFollowed() async throws {
    let account = LambdaAccount((0..<123).map { Fixture.function("f\($0)") })
    let record = try await Fixture.run(account)
    #expect(record.items.count == 123 && Set(record.completions.map(\.key)).count == 123)
    #expect(account.calls["ListFunctions"] == 3)
  }

  @Test func fiveHundredQueriesACall() async throws {
    let account = LambdaAccount((0..<200).map { Fixture.function("f\($0)") })
    _ = try await Fixture.run(account)
    let calls = try #require(account.calls["GetMetricData"])
    // 2,000 queries are four full calls; the first one goes out before there are enough to fill it.
    #expect(account.mostQueries == 500 && (4...7).contains(calls), "\(calls)")
  }

  @Test func pagesOfPointsAreFollowed() async throws {
    let account = LambdaAccount((0..<7).map { Fixture.function("f\($0)") }, pointsPerPage: 101)
    let record = try await Fixture.run(account)
    for key in record.items.map(\.key) { #expect(try record.function(key).usage?.invocations == 30_000, "\(key)") }
    #expect(try #require(account.calls["GetMetricData"]) >= 7 * 8 * 30 / 101)
  }

  @Test func aGapInTheFiguresMakesAFunctionUnknown() async throws {
    var broken = Fixture.function("broken")
    broken.failures["Errors Sum"] = .max
    var hiccup = Fixture.function("hiccup")
    hiccup.failures["Invocations Sum"] = 1
    var modest = Fixture.function("modest")
    modest.failures["Duration p95"] = .max
    let record = try await Fixture.run(LambdaAccount([broken, hiccup, modest]))
    let report = try record.function("broken")
    #expect(report.state == .unknown && report.cost == nil && report.usage == nil && report.recommendations.isEmpty)
    #expect(report.reason == "CloudWatch did not answer in full: Errors Sum (try again)")
    #expect(try record.function("hiccup").usage?.invocations == 30_000)
    #expect(try record.function("modest").usage?.p95Ms == nil && record.function("modest").state == .measured)
    #expect(try record.account().findings.first { $0.kind == .unknown }?.functions == ["broken"])
  }

  @Test func throttledCallsAreTriedAgain() async throws {
    let account = LambdaAccount([Fixture.function("f")]) { operation, number in
      (operation == "GetMetricData" || operation == "ListFunctions") && number < 3
        ? LambdaAccount.error(429, "TooManyRequestsException", "Rate exceeded") : nil
    }
    #expect(try await Fixture.run(account).function("f").state == .measured)
    #expect(account.calls["GetMetricData"] == 3 && account.calls["ListFunctions"] == 3)
  }

  @Test func throttledForLongTheItemWaitsAndPaysNothing() async throws {
    let account = LambdaAccount([Fixture.function("f")]) { operation, _ in
      operation == "GetMetricData" ? LambdaAccount.error(400, "ThrottlingException", "Rate exceeded") : nil
    }
    let completion = try #require(try await Fixture.run(account).completion("f"))
    #expect(completion.kind == .rateLimited && completion.reason.contains("monitoring.GetMetricData: Rate exceeded"))
  }

  @Test(arguments: [
    ScriptedReply(503, body: "<html>busy</html>"), ScriptedReply(isDropped: true),
    ScriptedReply(body: "{\"MetricDataResults\":[]}", cutAfter: 6),
  ])
  func aServiceInTroubleIsUnavailable(_ reply: ScriptedReply) async throws {
    let account = LambdaAccount([Fixture.function("f")]) { operation, _ in operation == "GetMetricData" ? reply : nil }
    let completion = try #require(try await Fixture.run(account).completion("f"))
    #expect(completion.kind == .unavailable && completion.dependency == "monitoring", "\(completion)")
  }

  @Test func expiredCredentialsAreSaidAndNothingIsMadeUp() async throws {
    let expired = LambdaAccount.error(403, "ExpiredTokenException", "The security token included in the request is expired")
    let account = LambdaAccount([Fixture.function("f")]) { operation, _ in operation == "GetMetricData" ? expired : nil }
    let record = try await Fixture.run(account)
    let completion = try #require(record.completion("f"))
    #expect(completion.kind == .failed && completion.reason.contains("The security token included in the request is expired"))
    #expect(!completion.reason.contains("hidden"))
    // The report knows the function, and that nothing is known of it.
    let report = try record.account()
    #expect(report.unknown.map(\.function.name) == ["f"] && report.cost.total == 0 && report.trend.months.isEmpty)
    let listing = LambdaAccount([]) { _, _ in expired }
    let error = await #expect(throws: HarnessError.self) { try await Fixture.run(listing) }
    #expect(error?.message.contains("lambda.ListFunctions") == true && error?.message.contains("hidden") == false)
  }

  @Test func anEndpointWithoutPercentilesIsAskedWithoutThem() async throws {
    let account = LambdaAccount((0..<60).map { Fixture.function("f\($0)") })
    let record = try await ScriptedServer.run({ request, _ in
      String(buffer: request.body).contains("\"p95\"") ? ScriptedReply(500, body: "<h1>500</h1>") : account.answer(request)
    }) { server in try await Fixture.run(at: server.url) }
    #expect(try record.function("f59").state == .measured && record.function("f59").usage?.p95Ms == nil)
    #expect(record.completions.allSatisfy { $0.kind == .succeeded })
  }

  @Test func provisionedConcurrencyIsFoundAndPriced() async throws {
    var warm = Fixture.function("warm", calls: 10_000)
    warm.provisioned = ["live": 8, "next": 2]
    warm.metrics["ProvisionedConcurrentExecutions Maximum"] = Fixture.repeated(3, 30)
    warm.metrics["ProvisionedConcurrencyInvocations Sum"] = Fixture.repeated(10_000, 30)
    var idle = LambdaAccount.Function("idle")
    idle.provisioned = ["live": 5]
    // Called by its name, while an alias keeps environments ready that nobody uses.
    var beside = Fixture.function("beside", calls: 10_000)
    beside.provisioned = ["live": 4]
    var deployed = Fixture.function("deployed")
    deployed.versions = 70
    var unused = LambdaAccount.Function("unused")
    unused.versions = 0
    let account = LambdaAccount([warm, idle, Fixture.function("plain"), beside, deployed, unused])
    let record = try await Fixture.run(account)
    #expect(record.items.map(\.key) == ["warm", "idle", "plain", "beside", "deployed", "unused"])
    let idling = try record.function("beside")
    #expect(idling.usage?.provisioned == ProvisionedUsage(units: 4, peak: 0, served: 0, spilled: 0))
    #expect(abs(try #require(idling.cost).provisioned - 4 * 2_592_000 * 0.0000041667) < 1e-9)
    #expect(idling.advice(.provisioned)?.action == "provisioned concurrency 4 → 0")
    let report = try record.function("warm")
    #expect(report.usage?.provisioned == ProvisionedUsage(units: 10, peak: 3, served: 300_000, spilled: 0))
    #expect(abs(try #require(report.cost).provisioned - 10 * 2_592_000 * 0.0000041667) < 1e-9)
    #expect(abs(try #require(report.cost).compute - 60_000 * 0.0000097222) < 1e-9)
    #expect(report.advice(.provisioned)?.action == "provisioned concurrency 10 → 4")
    // Nobody calls it and Lambda measures nothing, but it is paid for.
    #expect(abs(try #require(record.function("idle").cost).provisioned - 5 * 2_592_000 * 0.0000041667) < 1e-9)
    // Those of which something is published; the versions are entries of the list.
    #expect(account.calls["ListProvisionedConcurrencyConfigs"] == 4 && account.calls["ListFunctions"] == 2)
  }

  @Test func whatEarlierRunsSawIsRemembered() async throws {
    var script = Script()
    let first = try await Fixture.run(LambdaAccount([Fixture.function("f", memoryMB: 512, calls: 100_000)]))
    #expect(try first.account().trend.months.count == 1)
    script.checkpoints = first.checkpoints
    // The function has another size now, and takes as long: what it does is wait.
    let second = try await Fixture.run(LambdaAccount([Fixture.function("f", memoryMB: 1_024, calls: 100_000)]), script: script)
    let advice = try #require(second.function("f").advice(.memory))
    #expect(advice.confidence == .medium && advice.reason.contains("by what was seen at 512, 1,024 MB"), "\(advice)")
    #expect(advice.change?.memoryMB == 512 && abs(advice.saving - 5.00001) < 1e-9)
    #expect(second.checkpoints.keys.filter { $0.hasPrefix("cost-optimizer.us-east-1.") }.count == 2)
  }

  @Test func thePreviousMonthIsComparedWith() async throws {
    var script = Script()
    let shard = History.shard(of: "f")
    script.checkpoints = [
      "cost-optimizer.us-east-1.trend":
        #"{"months":[{"month":"2023-10","cost":4,"saving":1,"functions":1,"unknown":0}]}"#,
      "cost-optimizer.us-east-1.functions.\(shard)": #"{"functions":{"f":{"sizes":[],"costs":{"2023-10":4}}}}"#,
    ]
    let record = try await Fixture.run(LambdaAccount([Fixture.function("f", calls: 100_000)]), script: script)
    let report = try record.account()
    #expect(report.trend.months.map(\.month) == ["2023-10", "2023-11"])
    #expect(report.movers.first?.before == 4 && report.findings.contains { $0.title == "165 % more than in 2023-10" })
    #expect(record.artifacts["cost-report.md"]?.text.contains("## Month by month") == true)
  }

  @Test func aPlanLeavesAndRemembersNothing() async throws {
    var script = Script()
    script.isPlan = true
    let record = try await Fixture.run(LambdaAccount([Fixture.function("f")]), script: script)
    #expect(record.checkpoints.isEmpty && record.artifacts.isEmpty && record.report != nil)
    #expect(record.completion("f")?.effect == #"{"recommend":["timeout 30 → 2 s"]}"#)
  }

  @Test func anEmptyAccountHasAReport() async throws {
    let account = LambdaAccount([])
    let record = try await Fixture.run(account)
    #expect(record.items.isEmpty && account.allCalls == 1)
    #expect(record.artifacts["cost-report.html"]?.text.contains("No functions") == true)
    #expect(try record.account().cost.total == 0)
  }

  @Test func aFunctionThatIsGoneIsSkipped() async throws {
    var function = LambdaAccount.Function("f")
    function.versions = 1
    let account = LambdaAccount([function]) { operation, _ in
      operation == "ListProvisionedConcurrencyConfigs" ? LambdaAccount.error(404, "ResourceNotFoundException", "gone") : nil
    }
    let record = try await Fixture.run(account)
    #expect(try record.completion("f")?.kind == .skipped && record.account().functions.isEmpty)
  }

  @Test func keepsTheContract() async throws {
    let account = LambdaAccount((0..<5).map { Fixture.function("f\($0)") })
    try await ScriptedServer.run({ request, _ in account.answer(request) }) { server in
      let findings = await Conformance.check(PluginUnderTest(StillPlugin.self), config: Fixture.config(server.url))
      #expect(findings.isEmpty, "\(findings)")
    }
  }
}
