import AWSTestServers
import CarillonPlugin
import CarillonPluginTesting
import Foundation
import Testing

@testable import CostOptimizer

/// A plan, and the run that applies it.
@Suite struct ApplyTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("plan-\(UUID().uuidString)")
  private var path: String { folder.appendingPathComponent("plan.json").path }

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  /// Looks at the account and leaves its plan as a file.
  private func plan(_ account: LambdaAccount) async throws {
    let record = try await Fixture.run(account)
    #expect(account.changes.isEmpty)
    try Data(try #require(record.artifacts["plan.json"]).content).write(to: URL(fileURLWithPath: path))
  }

  private func apply(
    _ account: LambdaAccount, _ applying: String = #"{"confidence":"low"}"#, isPlan: Bool = false, attempts: [String: Int] = [:]
  ) async throws -> RunRecord {
    var script = Script()
    (script.isPlan, script.attempts) = (isPlan, attempts)
    return try await Fixture.run(account, ",\"apply\":\"\(path)\",\"applying\":\(applying)", script: script)
  }

  private func clean() { try? FileManager.default.removeItem(at: folder) }

  @Test func whatWasPlannedIsDone() async throws {
    defer { clean() }
    let account = LambdaAccount([Fixture.function("f", calls: 100_000), Fixture.function("small", memoryMB: 128)])
    try await plan(account)
    let rehearsal = try await apply(account, isPlan: true)
    #expect(rehearsal.completion("f")?.effect == #"{"set":{"memoryMB":512,"timeoutSeconds":3}}"# && account.changes.isEmpty)
    let record = try await apply(account)
    #expect(
      record.completion("f")?.kind == .succeeded
        && record.completion("f")?.output == #"{"set":{"memoryMB":512,"timeoutSeconds":3}}"#)
    #expect(record.artifacts.isEmpty && record.checkpoints.isEmpty)
    #expect(Set(account.changes) == ["f 512 3", "small 128 2"])
    // Once more: it is so already, and nothing is set a second time.
    let again = try await apply(account)
    #expect(again.completions.allSatisfy { $0.kind == .skipped } && account.changes.count == 2)
    // The second attempt of an item whose first answer was lost has done it.
    #expect(try await apply(account, attempts: ["f": 2]).completion("f")?.kind == .succeeded)
  }

  @Test func theJobSaysWhatMayBeSet() async throws {
    defer { clean() }
    let account = LambdaAccount([Fixture.function("f", calls: 100_000)])
    try await plan(account)
    // Memory is a guess here, the timeout is measured: by default only that is set.
    _ = try await apply(account, "{}")
    #expect(account.changes == ["f 1024 3"])
    _ = try await apply(account, #"{"confidence":"low","parts":["memory"]}"#)
    #expect(account.changes == ["f 1024 3", "f 512 3"])
  }

  @Test func aFunctionThatDriftedIsLeftAlone() async throws {
    defer { clean() }
    let account = LambdaAccount([Fixture.function("f", calls: 100_000), Fixture.function("g", calls: 100_000)])
    try await plan(account)
    account.change("f") { $0.memoryMB = 2_048 }
    let record = try await apply(account)
    let refused = try #require(record.completion("f"))
    #expect(refused.kind == .failed && refused.reason.contains("has a memory of 2048 MB, and 1024 MB when the plan was made"))
    #expect(account.changes == ["g 512 3"] && account.function("f")?.timeoutSeconds == 30)
  }

  @Test func somebodyElsesChangeInBetweenIsNotOverwritten() async throws {
    defer { clean() }
    try await plan(LambdaAccount([Fixture.function("f", calls: 100_000)]))
    let account = LambdaAccount([Fixture.function("f", calls: 100_000)]) { operation, _ in
      operation == "UpdateFunctionConfiguration"
        ? LambdaAccount.error(412, "PreconditionFailedException", "The revision does not match") : nil
    }
    #expect(try await apply(account).completion("f")?.kind == .retry && account.changes.isEmpty)
  }

  @Test func aLostAnswerChangesNothingTwice() async throws {
    defer { clean() }
    let account = LambdaAccount([Fixture.function("f", calls: 100_000)])
    try await plan(account)
    // The change arrives, its answer does not: the client's next attempt names a revision that is gone.
    let config = ",\"apply\":\"\(path)\",\"applying\":{\"confidence\":\"low\"}"
    let record = try await ScriptedServer.run({ request, _ in
      let reply = account.answer(request)
      return request.method == "PUT" && account.calls["UpdateFunctionConfiguration"] == 1
        ? ScriptedReply(isDropped: true) : reply
    }) { server in try await Fixture.run(at: server.url, config) }
    #expect(record.completion("f")?.kind == .retry && account.changes == ["f 512 3"])
    #expect(try await apply(account, attempts: ["f": 2]).completion("f")?.kind == .succeeded && account.changes.count == 1)
  }

  @Test func aPlanIsTakenAsItWasMadeOrNotAtAll() async throws {
    defer { clean() }
    let account = LambdaAccount([Fixture.function("f", calls: 100_000)])
    try await plan(account)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let cases: [(String, String)] = [
      (text.replacingOccurrences(of: "\"to\" : 512", with: "\"to\" : 10240"), "was changed since it was made"),
      (String(text.prefix(40)), "cannot be read"), ("", "cannot be read"),
    ]
    for (text, words) in cases {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let error = await #expect(throws: HarnessError.self) { try await apply(account) }
      #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    }
    #expect(account.changes.isEmpty)
  }

  @Test func aPlanIsForItsRegionAndItsTime() throws {
    defer { clean() }
    let report = AccountAnalyst(
      job: "j", region: "us-east-1", window: Fixture.window, limits: Thresholds(), priceSource: ""
    ).report([], trend: Trend())
    try Data(try ChangePlan(report).file()).write(to: URL(fileURLWithPath: path))
    let madeAt = Fixture.window.to
    #expect(throws: Never.self) { try ChangePlan.read(path, Applying(), region: "us-east-1", now: madeAt + 7 * 86_400) }
    let old = #expect(throws: CostOptimizerError.self) {
      try ChangePlan.read(path, Applying(), region: "us-east-1", now: madeAt + 8 * 86_400)
    }
    #expect(old?.message.contains("8 days old") == true)
    let elsewhere = #expect(throws: CostOptimizerError.self) {
      try ChangePlan.read(path, Applying(), region: "eu-west-1", now: madeAt)
    }
    #expect(elsewhere?.code == .plan)
  }
}
