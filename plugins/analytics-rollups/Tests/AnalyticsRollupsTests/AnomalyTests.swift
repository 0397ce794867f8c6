import Foundation
import Testing

@testable import RollupTables

/// Alerts at their edges.
@Suite struct AnomalyTests {
  private let shop: Workshop

  init() throws { shop = try Workshop() }

  /// Alerts of one user's events, as `kind|seconds|until|detail|value`, seconds from the first event's day.
  private func alerts(_ events: [(seconds: Double, type: String, more: String)]) async throws -> [String] {
    let lines = events.enumerated().map { index, event in
      let at = EventWorld.text(EventWorld.start + Int64((event.seconds * 1_000).rounded()))
      return """
        {"event_id":"e\(index)","user_id":"u","event_type":"\(event.type)","timestamp":"\(at)","properties":{\(event.more)}}
        """
    }
    try shop.folder.write("in/a.ndjson", lines: lines.reversed())
    _ = try await shop.roll(["a.ndjson"])
    let start = EventWorld.start * 1_000
    return try TableDump.query(
      shop.output.tables,
      "SELECT kind, (at_us - \(start)) / 1e6, (until_us - \(start)) / 1e6, detail, value FROM alert ORDER BY at_us", columns: 5)
  }

  private func views(_ seconds: [Double]) -> [(seconds: Double, type: String, more: String)] {
    seconds.enumerated().map { ($1, $0 % 2 == 0 ? "page_view" : "click", "") }
  }

  @Test func fiftyAreNone() async throws {
    #expect(try await alerts(views((0..<50).map(Double.init))) == [])
  }

  @Test func fiftyOneAreOne() async throws {
    #expect(try await alerts(views((0..<51).map(Double.init))) == ["burst|50.0|50.0||51"])
  }

  /// The window is open at its begin: the first and the last are exactly five minutes apart.
  @Test func fiveMinutesApart() async throws {
    #expect(try await alerts(views([0] + (1..<50).map { 100 + Double($0) } + [300])) == [])
    #expect(try await alerts(views([0] + (1..<50).map { 100 + Double($0) } + [299.999])) == ["burst|299.999|299.999||51"])
  }

  /// Many at one instant; then a pause of five minutes, which is the same burst, and of more, which is another.
  @Test func burstsApart() async throws {
    let first = Array(repeating: 0.0, count: 51)
    #expect(try await alerts(views(first + Array(repeating: 300, count: 51))) == ["burst|0.0|300.0||51"])
    #expect(
      try await alerts(views(first + Array(repeating: 300.001, count: 51)))
        == ["burst|0.0|0.0||51", "burst|300.001|300.001||51"])
  }

  @Test func purchases() async throws {
    #expect(
      try await alerts([
        (0, "purchase", "\"amount\":10000.00"), (1, "purchase", "\"amount\":10000.01"), (2, "click", "\"amount\":20000"),
        (3, "purchase", "\"amount\":\"2e4\""),
      ]) == ["large_purchase|1.0|1.0|e1|1000001", "large_purchase|3.0|3.0|e3|2000000"])
  }

  private func visit(_ days: Double, _ country: String) -> (seconds: Double, type: String, more: String) {
    (days * 86_400, "signup", "\"location\":{\"country\":\"\(country)\"}")
  }

  @Test func countries() async throws {
    #expect(try await alerts([visit(0, "DE"), visit(1, "DE")]) == [])
    // None was seen in thirty days: nothing is new.
    #expect(try await alerts([visit(0, "DE"), visit(30.001, "FR")]) == [])
    #expect(try await alerts([visit(0, "DE"), visit(30, "FR")]) == ["new_country|2592000.0|2592000.0|FR|0"])
    // Seen, but too long ago.
    #expect(
      try await alerts([visit(0, "DE"), visit(1, "FR"), visit(20, "FR"), visit(30.5, "DE")])
        == ["new_country|86400.0|86400.0|FR|0", "new_country|2635200.0|2635200.0|DE|0"])
    // Two at one instant do not know each other, and one that comes twice in it is one alert.
    #expect(try await alerts([visit(0, "DE"), visit(0, "FR")]) == [])
    #expect(
      try await alerts([visit(0, "DE"), visit(1, "FR"), visit(1, "US"), visit(1, "FR")])
        == ["new_country|86400.0|86400.0|FR|0", "new_country|86400.0|86400.0|US|0"])
  }
}
