import Cron
import Foundation
import Seeded
import Testing

@testable import RollupTables

/// The tables are a function of what the inputs hold.
@Suite struct TablesTests {
  /// Against DuckDB's SQL, in zones with and without changes of the clocks, half hours among them.
  @Test(arguments: [("UTC", 1), ("Europe/Berlin", 0), ("Australia/Lord_Howe", 6), ("Asia/Kolkata", 1)])
  func asDuckDBMakesThem(zone: String, weekStart: Int) async throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("TablesTests.asDuckDBMakesThem \(zone) seed \(seed)")
    var world = EventWorld(seed: seed)
    var shop = try Workshop()
    shop.settings.zone = try ZoneRules.load(zone)
    shop.settings.weekStart = weekStart
    let lines = world.lines(6_000)
    let twice = world.shuffled(lines + lines.prefix(500))
    for (number, piece) in world.cut(twice, into: 3).enumerated() { try shop.folder.write("in/\(number).ndjson", lines: piece) }
    let rows = try await shop.roll(["0.ndjson", "1.ndjson", "2.ndjson"])
    let words = try shop.compare()
    #expect(words.hasSuffix("true\n"), "seed \(seed): \(words)")
    #expect(rows["alert"]?.contains { $0.hasPrefix("'burst'") } == true && rows["funnel"]?.isEmpty == false)
  }

  /// The same events in one file and in many, in any order, twice, late, packed, under users whose ids they took.
  @Test func howeverTheyCome() async throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("TablesTests.howeverTheyCome seed \(seed)")
    var world = EventWorld(seed: seed)
    var lines = world.lines(5_000)
    // One id, other users, instants and contents: the earliest counts.
    for index in 0..<200 {
      lines.append(
        lines[index * 7].replacing("\"user_id\":\"u", with: "\"user_id\":\"v").replacing("2026-10-1", with: "2026-10-2"))
    }
    let one = try Workshop()
    try one.folder.write("in/all.ndjson", lines: lines)
    let expected = try await one.roll(["all.ndjson"])
    #expect(try one.compare().hasSuffix("true\n"), "seed \(seed)")

    let many = try Workshop()
    let pieces = world.cut(world.shuffled(lines + lines.prefix(1_500)), into: 6)
    let names = ["a.ndjson", "b.ndjson", "c.ndjson", "d.ndjson", "e.ndjson", "f.ndjson"]
    for (name, piece) in zip(names, pieces) { try many.folder.write("in/\(name)", lines: piece) }
    try Program.run("sh", ["-c", "cd '\(many.folder.path)/in' && gzip e.ndjson && zstd -q --rm f.ndjson"])
    let early = try await many.roll(["d.ndjson", "f.ndjson.zst", "b.ndjson"])
    #expect(early != expected)
    // Late ones, some that were there already.
    let all = try await many.roll(["e.ndjson.gz", "b.ndjson", "a.ndjson", "c.ndjson", "d.ndjson"])
    for table in TableDump.tables { #expect(all[table] == expected[table], "\(table), seed \(seed)") }
    // The same bytes, but for what the tables were made of.
    let made = try many.folder.read("out/rollups.db")
    try many.folder.remove("out/rollups.db")
    _ = try await many.roll([])
    #expect(try many.folder.read("out/rollups.db") == made)
  }

  /// A file's new contents take the place of its old ones.
  @Test func filesThatChange() async throws {
    var world = EventWorld(seed: 7)
    let lines = world.lines(3_000)
    let shop = try Workshop()
    try shop.folder.write("in/a.ndjson", lines: lines)
    let all = try await shop.roll(["a.ndjson"])
    try shop.folder.write("in/a.ndjson", lines: lines.prefix(500))
    let few = try await shop.roll(["a.ndjson"])
    let fresh = try Workshop()
    try fresh.folder.write("in/other.ndjson", lines: lines.prefix(500))
    #expect(try await fresh.roll(["other.ndjson"]) == few)
    try shop.folder.write("in/a.ndjson", lines: lines)
    #expect(try await shop.roll(["a.ndjson"]) == all)
  }

  /// More runs than are merged at once.
  @Test func manyParts() async throws {
    var world = EventWorld(seed: 9)
    var shop = try Workshop()
    let lines = world.lines(2_000)
    try shop.folder.write("in/a.ndjson", lines: lines)
    let expected = try await shop.roll(["a.ndjson"])
    shop.rangeBytes = 10_000
    try shop.read("a.ndjson")
    #expect(try shop.output.parts.all().count > 30)
    for maxRuns in [2, 5, 100] {
      var publisher = Publisher(shop.output, shop.settings)
      publisher.maxRuns = maxRuns
      try shop.folder.remove("out/rollups.db")
      _ = try await publisher.publish()
      #expect(try TableDump.rows(shop.output.tables) == expected, "at most \(maxRuns) at once")
      #expect(!shop.folder.files.contains { $0.contains("merge-") })
    }
  }

  @Test func nothingIsMadeTwice() async throws {
    var world = EventWorld(seed: 8)
    var shop = try Workshop()
    try shop.folder.write("in/a.ndjson", lines: world.lines(500))
    try shop.read("a.ndjson")
    #expect(try await Publisher(shop.output, shop.settings).publish().isNew)
    #expect(try await !Publisher(shop.output, shop.settings).publish().isNew)
    shop.settings.weekStart = 3
    #expect(try await Publisher(shop.output, shop.settings).publish().isNew)
  }

  @Test func withoutAnyEvent() async throws {
    let shop = try Workshop()
    #expect(try await shop.roll([])["user_hour"] == [])
    #expect(try TableDump.query(shop.output.tables, "SELECT value FROM meta WHERE key = 'events'", columns: 1) == ["0"])
  }
}
