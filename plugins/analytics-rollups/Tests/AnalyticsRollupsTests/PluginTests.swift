import CarillonPlugin
import CarillonPluginTesting
import Foundation
import Testing

@testable import AnalyticsRollups
@testable import RollupTables

/// The plugin through its C functions, on real folders.
@Suite struct PluginTests {
  private let folder: ScratchFolder
  private var lines: [String]

  init() throws {
    folder = try ScratchFolder()
    var world = EventWorld(seed: 11)
    lines = world.lines(2_000)
    try folder.write("in/a.ndjson", lines: lines[..<900])
    try folder.write("in/sub/b.jsonl", lines: lines[900...])
    try folder.write("in/notes.txt", Array("hello".utf8))
  }

  private func config(_ more: String = "") -> String {
    #"{"source":{"folder":"\#(folder.path)/in"},"output":{"folder":"\#(folder.path)/out"}\#(more)}"#
  }

  private func run(_ config: String, isPlan: Bool = false, dueAt: Date? = nil) async throws -> RunRecord {
    var script = Script()
    script.isPlan = isPlan
    script.dueAtUs = dueAt.map { Int64($0.timeIntervalSince1970) * 1_000_000 } ?? 0
    let record = try await PluginHarness(AnalyticsRollupsPlugin.self, config: config, script: script).run()
    #expect(record.breaches.isEmpty)
    return record
  }

  private var tables: String { "\(folder.path)/out/rollups.db" }

  private func report(_ record: RunRecord) throws -> RunReport {
    try JSONDecoder().decode(RunReport.self, from: Data(try #require(record.report).utf8))
  }

  @Test func aWholeRun() async throws {
    let planned = try await run(config(), isPlan: true)
    #expect(planned.completion("tables")?.effect.contains("rollups.db") == true && !folder.files.contains("out/rollups.db"))
    let record = try await run(config())
    #expect(record.items.map(\.key).prefix(3) == ["a.ndjson", "sub/b.jsonl", "tables"])
    #expect(record.completions.allSatisfy { $0.kind == .succeeded })
    let made = try report(record)
    #expect(made.read == 2 && made.events == Int64(lines.count) && made.malformedLines == 0)
    let bursts = try TableDump.query(
      tables, "SELECT user_id, at_us, until_us, value FROM alert WHERE kind = 'burst'", columns: 4)
    #expect(!bursts.isEmpty && record.events.count == bursts.count)
    #expect(record.events.allSatisfy { $0.type == "anomaly_detected" && $0.item.hasPrefix("alerts/") })
    #expect(!folder.files.contains { $0.contains("listing") || $0.hasSuffix(".new") })
    // Again: nothing is read, nothing made, nobody told twice.
    let before = try folder.read("out/rollups.db")
    let again = try await run(config())
    #expect(again.completion("a.ndjson")?.reason == "unchanged" && again.events.isEmpty)
    #expect(try report(again).unchanged == 2 && report(again).events == nil)
    #expect(try folder.read("out/rollups.db") == before)
    #expect(try await run(config(#","verify":true"#)).completion("a.ndjson")?.reason == "its contents are unchanged")
  }

  @Test func malformedLines() async throws {
    try folder.write("in/a.ndjson", lines: lines[..<900] + ["{\"user_id\":7}", "", "nonsense"])
    let record = try await run(config())
    #expect(record.completion("a.ndjson")?.kind == .succeeded)
    #expect(record.logs.contains { $0.message == "2 of 903 lines are malformed" })
    let letters = try folder.text("out/dead-letters.ndjson").split(separator: "\n")
    #expect(letters.count == 2)
    #expect(letters[0].contains("\"line\":901,") && letters[0].contains("user_id is missing, empty or no text"))
    #expect(letters[1].contains("\"line\":903,") && letters[1].contains("\"text\":\"nonsense\""))
  }

  /// One file that is no events at all, one with too many flaws, one that is not what its name says: the others count, and these
  /// do not, whatever was in their places before.
  @Test func filesThatAreRejected() async throws {
    try folder.write("in/c.ndjson", lines: lines[..<20])
    try folder.write("in/d.ndjson", lines: lines[20..<40])
    try folder.write("in/e.ndjson.gz", Array("nothing of gzip".utf8))
    #expect(try await run(config()).completion("e.ndjson.gz")?.reason.contains("damaged gzip") == true)
    let all = try TableDump.rows(tables, ["user_hour"])
    try folder.write("in/a.ndjson", [0xFF, 0xD8, 0xFF, 0xE0] + Array(repeating: 0, count: 1_000))
    try folder.write("in/sub/b.jsonl", lines: lines[900...] + Array(repeating: "x", count: 60))
    let record = try await run(config())
    #expect(record.completion("a.ndjson")?.kind == .failed)
    let reason = try #require(record.completion("sub/b.jsonl")?.reason)
    #expect(reason.contains("60 of ") && reason.contains("more than the budget allows; the first: line "))
    #expect(try report(record).rejected == 3 && report(record).failed == 3)
    #expect(try TableDump.query(tables, "SELECT value FROM meta WHERE key = 'events'", columns: 1) == ["40"])
    // With a larger budget it counts, and is not read again.
    let lenient = try await run(config(#","malformed":{"percent":10}"#))
    #expect(lenient.completion("sub/b.jsonl")?.reason == "unchanged")
    try folder.write("in/a.ndjson", lines: lines[..<900])
    _ = try await run(config(#","malformed":{"percent":10}"#))
    #expect(try TableDump.rows(tables, ["user_hour"]) == all)
  }

  @Test func anEmptyFolder() async throws {
    try folder.remove("in")
    try FileManager.default.createDirectory(atPath: "\(folder.path)/in", withIntermediateDirectories: true)
    let record = try await run(config())
    #expect(record.logs.contains { $0.message.hasPrefix("no input was found whose name ends with .ndjson") })
    #expect(try TableDump.rows(tables)["user_day"] == [])
  }

  @Test func aWrongPath() async throws {
    try folder.remove("in")
    let error = await #expect(throws: HarnessError.self) { try await run(config()) }
    #expect(error?.message.contains("the source folder \(folder.path)/in does not exist") == true)
  }

  /// What a killed worker left goes with the next run; what another one is at stays.
  @Test func leftovers() async throws {
    try folder.write("out/parts/x-000000.part.1.new", [1])
    let other = try SystemFile.createLocked("\(folder.path)/out/parts/y-000000.part.2.new")
    _ = try await run(config())
    #expect(folder.files.filter { $0.hasSuffix(".new") } == ["out/parts/y-000000.part.2.new"])
    extendLifetime(other)
  }

  /// The folder itself may be a link.
  @Test func aLinkToTheSource() async throws {
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/link", withDestinationPath: "\(folder.path)/in")
    let config = config().replacing("\(folder.path)/in\"", with: "\(folder.path)/link/\"")
    #expect(try report(await run(config)).read == 2)
  }

  @Test(arguments: [
    (#","zone":"Europe/Berln""#, "/zone", "there is no zone \"Europe/Berln\""),
    (#","weekStart":"Monday""#, "/weekStart", "Monday"),
    (#","funnels":[{"name":"x","steps":["a"]}]"#, "/funnels/0/steps", "at least two steps"),
    (#","anomalies":{"burstEvents":0}"#, "/anomalies/burstEvents", "0 is not within"),
    (#","anomalies":{"largePurchase":"ten"}"#, "/anomalies/largePurchase", "\"ten\" is no amount"),
    (#","archive":{"folder":"rel"}"#, "/archive/folder", "\"rel\" is not an absolute path"),
    (#","malformed":{"percent":101}"#, "/malformed/percent", "101.0 is not within"),
    (#","funnel":[]"#, "/funnel", "unknown key"),
  ])
  func wrongConfigurations(more: String, pointer: String, message: String) async throws {
    let found = try await PluginHarness(AnalyticsRollupsPlugin.self, config: config(more)).check()
    #expect(found.count == 1 && found.first?.pointer == pointer && found.first?.message.contains(message) == true, "\(found)")
  }

  @Test func theArchive() async throws {
    try folder.write("in/a.ndjson", lines: lines[..<60])
    try folder.write("in/sub/b.jsonl", lines: lines[900..<960])
    let archive = #","archive":{"folder":"\#(folder.path)/archive","keepDays":10}"#
    _ = try await run(config(archive), dueAt: Date(timeIntervalSince1970: 1_790_812_800))
    let hours = folder.files.filter { $0.hasPrefix("archive/") }
    #expect(hours.allSatisfy { $0.wholeMatch(of: /archive\/2026\/1[01]\/\d\d\/\d\d\/[0-9a-f]{32}-0\.ndjson\.gz/) != nil })
    let all = try Program.run("sh", ["-c", "zcat \(folder.path)/archive/*/*/*/*/*.gz | sort | sha256sum"])
    try folder.write("all", lines: lines[..<60] + lines[900..<960])
    #expect(all == (try Program.run("sh", ["-c", "sort \(folder.path)/all | sha256sum"])))
    // A file that changes takes its hours with it; old hours go.
    try folder.write("in/sub/b.jsonl", lines: lines[900..<901])
    let kept = try await run(config(archive), dueAt: Date(timeIntervalSince1970: 1_790_812_800))
    #expect(try report(kept).archivedFilesRemoved == 0)
    #expect(folder.files.filter { $0.hasPrefix("archive/") }.count < hours.count)
    let late = try await run(config(archive), dueAt: Date(timeIntervalSince1970: 1_790_812_800 + 90 * 86_400))
    #expect(try report(late).archivedFilesRemoved ?? 0 > 0 && !folder.files.contains { $0.hasPrefix("archive/") })
  }
}
