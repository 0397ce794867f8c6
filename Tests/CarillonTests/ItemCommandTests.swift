import Foundation
import Testing

@Suite struct ItemCommandTests {
  private func failed() async throws -> Sandbox {
    let box = try Sandbox()
    try box.misbehaving("bad", items: 5, faults: "[{key: item-2, fault: never-complete}]")
    #expect(try await box.carillon("run", "bad").status == 1)
    return box
  }

  @Test(arguments: ["item", "items"]) func an_item_with_every_try(_ verb: String) async throws {
    let box = try await failed()
    let shown = try await box.carillon(verb, "show", "last", "item-2")
    #expect(shown.output.contains("state      dead"))
    #expect(shown.output.contains("attempts   2 of 2"))
    #expect(shown.lines.contains { $0.hasPrefix("  1. ") && $0.hasSuffix("item: was never completed by the plugin") })
    #expect(shown.lines.contains { $0.hasPrefix("  2. ") && $0.hasSuffix("dead: was never completed by the plugin") })
    let json = try await box.carillon(verb, "show", "last", "item-2", "--json").json()
    #expect(Set(json.keys) == ["item", "idempotency_key", "tries", "log"])
    #expect((json["tries"] as? [[String: Any]])?.first?["cause"] as? String == "item")
  }

  @Test func lists_by_state_and_by_page() async throws {
    let box = try await failed()
    let dead = try await box.carillon("items", "--state", "dead", "--state", "poisoned")
    #expect(dead.lines.count == 2 && dead.lines[1].contains("item-2"))
    let first = try await box.carillon("items", "--run", "last", "--limit", "2", "--json").json()
    #expect((first["items"] as? [[String: Any]])?.compactMap { $0["key"] as? String } == ["item-1", "item-2"])
    let next = try #require(first["next"] as? Int)
    let second = try await box.carillon("items", "--run", "last", "--limit", "50", "--after", "\(next)", "--json").json()
    #expect((second["items"] as? [[String: Any]])?.compactMap { $0["key"] as? String } == ["item-3", "item-4", "item-5"])
    #expect(second["next"] == nil)
  }

  @Test func retries_all_that_failed_or_one() async throws {
    let box = try await failed()
    #expect(try await box.carillon("retry", "last", "--dead").status == 1)
    #expect(try await box.carillon("retry", "last", "--item", "item-2").status == 1)
    let tries = try await box.carillon("item", "show", "last", "item-2", "--json").json()["tries"] as? [Any]
    #expect(tries?.count == 5)
    #expect(try await box.carillon("retry", "last", "--item", "item-1").status == 65)
    #expect(try await box.carillon("retry", "last", "--item", "item-9").status == 66)
    #expect(try await box.carillon("retry", "last", "--item", "item-2", "--dead").status == 64)
    #expect(try await box.carillon("run", "hello").status == 0)
    #expect(try await box.carillon("retry", "last").status == 65)
  }

  @Test func edits_a_payload() async throws {
    let box = try await failed()
    box.environment["EDITOR"] = "sed -i 's/{}/{\"better\": true}/'"
    #expect(try await box.carillon("retry", "last", "--edit", "item-2").status == 1)
    let item = try await box.carillon("item", "show", "last", "item-2", "--json").json()["item"] as? [String: Any]
    #expect((item?["payload"] as? [String: Bool]) == ["better": true])
    box.environment["EDITOR"] = "sed -i 's/true/nonsense/'"
    let refused = try await box.carillon("retry", "last", "--edit", "item-2")
    #expect(refused.status == 65)
    #expect(refused.errors.contains("not valid JSON; it is kept in "))
    box.environment["EDITOR"] = "false"
    #expect(try await box.carillon("retry", "last", "--edit", "item-2").errors.contains("nothing was changed"))
  }

  @Test func logs_of_a_run_and_of_an_item() async throws {
    let box = try await failed()
    #expect(try await box.carillon("logs", "last").output.contains("begins"))
    #expect(try await box.carillon("logs", "last", "--item", "item-4").output == "")
    try box.misbehaving("loud", items: 2, faults: "[{key: item-2, fault: flood-logs, count: 20}]")
    #expect(try await box.carillon("run", "loud").status == 0)
    let own = try await box.carillon("logs", "last", "--item", "item-2").lines
    #expect(own.count >= 20 && own.allSatisfy { $0.contains("[item-2]") })
    #expect(
      try await box.carillon("item", "show", "last", "item-2").lines.filter { $0.contains("[item-2]") }.count == own.count)
    let lines = try await box.carillon("logs", "last", "--json", "--level", "info").lines
    #expect(try lines.allSatisfy { try JSONSerialization.jsonObject(with: Data($0.utf8)) is [String: Any] })
  }
}
