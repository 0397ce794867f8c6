import Foundation
import Testing

@Suite struct RunCommandTests {
  @Test func a_run_that_succeeds() async throws {
    let box = try Sandbox()
    let answer = try await box.carillon("run", "hello")
    #expect(answer.status == 0)
    #expect(answer.errors == "no daemon: running here\n")
    #expect(answer.output.contains("of hello: succeeded after"))
    #expect(answer.output.contains("5: 5 succeeded"))
    let runs = try await box.carillon("runs")
    #expect(runs.lines.count == 2)
    #expect(runs.lines[1].contains("hello"))
  }

  @Test func its_JSON() async throws {
    let box = try Sandbox()
    let json = try await box.carillon("run", "hello", "--json").json()
    #expect(Set(json.keys) == ["type", "run", "stopped", "exit_code", "duration_s", "artifacts", "failures"])
    let run = try #require(json["run"] as? [String: Any])
    #expect(
      Set(run.keys) == [
        "id", "job", "plugin", "state", "trigger", "is_plan", "created_at", "started_at", "finished_at", "is_discovered",
        "counts", "config",
      ])
    #expect(run["state"] as? String == "succeeded")
    #expect((run["counts"] as? [String: Int])?["succeeded"] == 5)
    #expect((run["created_at"] as? String)?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
    let shown = try await box.carillon("run", "show", "last", "--json").json()
    #expect((shown["run"] as? [String: Any])?["id"] as? String == run["id"] as? String)
    let list = try await box.carillon("runs", "--json", "--job", "hello", "--state", "succeeded").json()
    #expect((list["runs"] as? [Any])?.count == 1)
  }

  @Test func a_plan_says_what_would_be_done_and_does_nothing() async throws {
    let box = try Sandbox()
    let answer = try await box.carillon("run", "hello", "--plan")
    #expect(answer.status == 0)
    #expect(answer.lines.filter { $0.hasPrefix("would guest-") }.count == 5)
    #expect(answer.output.contains(#"would guest-1  {"greeting":"Hello, guest-1"}"#))
    #expect(try await !box.carillon("logs", "last").output.contains("stdout"))
  }

  @Test func only_some_items() async throws {
    let box = try Sandbox()
    let answer = try await box.carillon("run", "hello", "--only", "guest-2", "--only", "guest-4")
    #expect(answer.output.contains("2: 2 succeeded"))
    #expect(try await box.carillon("items", "--run", "last").output.contains("guest-4"))
  }

  @Test func set_overrides_the_configuration() async throws {
    let box = try Sandbox()
    #expect(try await box.carillon("run", "hello", "--set", "count=2").output.contains("2: 2 succeeded"))
  }

  @Test func follow_prints_the_log() async throws {
    let box = try Sandbox()
    #expect(try await box.carillon("run", "hello", "--follow").output.contains("stdout: Hello, guest-3"))
    let stream = try await box.carillon("run", "hello", "--follow", "--json")
    let types = try stream.lines.map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return try #require(object?["type"] as? String)
    }
    #expect(types.last == "result")
    #expect(types.dropLast().allSatisfy { $0 == "log" } && types.count > 5)
  }

  @Test func failed_items_are_named_and_end_with_1() async throws {
    let box = try Sandbox()
    try box.misbehaving("bad", items: 20, faults: "[{key: item-7, fault: never-complete}]")
    let answer = try await box.carillon("run", "bad")
    #expect(answer.status == 1)
    #expect(answer.output.contains("20: 19 succeeded, 1 dead"))
    #expect(answer.output.contains("item-7: was never completed by the plugin"))
    #expect(answer.output.contains("carillon retry "))
  }

  @Test func a_spent_failure_budget_ends_with_2() async throws {
    let box = try Sandbox()
    try box.misbehaving(
      "bad", items: 200, microseconds: 1_000,
      faults: "[{key: item-1, fault: never-complete}, {key: item-2, fault: never-complete}]", more: "failure_budget: 0")
    let answer = try await box.carillon("run", "bad")
    #expect(answer.status == 2)
    #expect(answer.output.contains("of bad: failed after"))
  }

  @Test func relative_paths_of_plugins_are_meant_from_the_working_directory() async throws {
    let box = try Sandbox()
    try FileManager.default.createDirectory(atPath: "\(box.folder)/lib", withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: "\(Program.plugins)/hello.so", toPath: "\(box.folder)/lib/mine.so")
    try box.file("one.yaml", "name: one\nplugin: ./lib/mine.so\n")
    #expect(try await box.carillon("run", "one.yaml").status == 0)
  }
}
