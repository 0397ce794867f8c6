import CarillonPlugin
import CarillonPluginTesting
import Foundation
import Testing

@testable import Thumbnails

/// The plugin through its C functions, on real folders.
@Suite struct ThumbnailsPluginTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write("in/a.jpg", try JPEGFixture.make(PNGFixture(200, 100, .rgb) { x, y, c in (x + y * c) % 256 }))
    try folder.write("in/a.png", PNGFixture(40, 30, .rgba) { x, y, c in (x * c + y) % 256 }.bytes)
    try folder.write("in/sub/broken.png", PNGFixture(40, 30, .rgb) { x, _, _ in x }.bytes.dropLast(40))
    try folder.write("in/notes.txt", Array("hello".utf8))
  }

  private func config(_ more: String = "", beside: Bool = false) -> String {
    let destination = beside ? "" : #","destination":{"folder":"\#(folder.path)/out"}"#
    return #"{"source":{"folder":"\#(folder.path)/in"}\#(destination)\#(more)}"#
  }

  private func run(_ config: String, isPlan: Bool = false) async throws -> RunRecord {
    var script = Script()
    script.isPlan = isPlan
    let record = try await PluginHarness(ThumbnailsPlugin.self, config: config, script: script).run()
    #expect(record.breaches.isEmpty)
    return record
  }

  @Test func aWholeRun() async throws {
    let record = try await run(config())
    #expect(record.items.map(\.key) == ["a.jpg", "a.png", "notes.txt", "sub/broken.png"])
    #expect(record.completion("notes.txt")?.kind == .skipped)
    #expect(record.completion("sub/broken.png")?.kind == .failed)
    #expect(
      folder.files.filter { $0.hasPrefix("out/") }
        == ["a.png_large", "a.png_medium", "a.png_thumbnail", "a_large", "a_medium", "a_thumbnail"].map { "out/\($0).jpg" })
    let output = try JSONDecoder().decode(ImageOutput.self, from: Data(try #require(record.completion("a.jpg")).output.utf8))
    let small = try #require(output.sizes["thumbnail"])
    #expect(small.key == "a_thumbnail.jpg" && small.width == 150 && small.height == 75)
    #expect(small.bytes == (try folder.read("out/a_thumbnail.jpg").count))
    #expect(record.events.map(\.type) == ["image_processed", "image_processed"])
    #expect(Set(record.events.map(\.item)) == ["a.jpg", "a.png"])
    let report = try JSONDecoder().decode(RunReport.self, from: Data(try #require(record.report).utf8))
    #expect(report.succeeded == 2 && report.skipped == 1 && report.dead == 1 && report.slowest.count == 2)
    #expect(report.bytesOut > 0 && abs(report.megapixels - 0.0212) < 1e-9)
    let sheet = try #require(record.artifacts["contact-sheet.html"]).text
    #expect(sheet.contains("data:image/jpeg;base64,/9j/") && sheet.contains("sub/broken.png"))
  }

  @Test func aSecondRunHasNothingToDo() async throws {
    _ = try await run(config())
    let again = try await run(config())
    #expect(again.completion("a.jpg")?.reason == "its thumbnails are up to date")
    #expect(try await run(config(#","force":true"#)).completion("a.jpg")?.kind == .succeeded)
    #expect(try await run(config(##","background":"#000000""##)).completion("a.jpg")?.kind == .succeeded)
    try folder.write("in/a.png", PNGFixture(41, 30, .rgb) { x, _, _ in x }.bytes)
    let changed = try await run(config(##","background":"#000000""##))
    #expect(changed.completion("a.png")?.kind == .succeeded)
    #expect(changed.completion("a.jpg")?.kind == .skipped)
  }

  @Test func besideTheSourcesItsOutputsAreNoItems() async throws {
    let first = try await run(config(beside: true))
    #expect(first.completion("a.jpg")?.kind == .succeeded)
    let again = try await run(config(beside: true))
    #expect(again.items.map(\.key) == first.items.map(\.key))
    #expect(again.completion("a.png")?.kind == .skipped)
    // Copied under another name it is still known for what it is.
    try folder.write("in/copy.jpg", try folder.read("in/a_large.jpg"))
    #expect(try await run(config(beside: true)).completion("copy.jpg")?.reason == "a thumbnail that this plugin made")
  }

  @Test func neverReplacesAPhoto() async throws {
    let photo = try folder.read("in/a.jpg")
    let own = try JPEGFixture.make(PNGFixture(9, 9, .grey) { x, _, _ in x })
    try folder.write("in/a_large.jpg", own)
    let record = try await run(config(#","force":true"#, beside: true))
    let refused = try #require(record.completion("a.jpg"))
    #expect(refused.kind == .failed && refused.reason.contains("a_large.jpg is in the way"))
    #expect(record.completion("a_large.jpg")?.kind == .succeeded)
    #expect(try folder.read("in/a_large.jpg") == own && folder.read("in/a.jpg") == photo)
  }

  @Test func aPlanWritesNothing() async throws {
    let record = try await run(config(), isPlan: true)
    #expect(record.completion("a.png")?.effect == #"{"write":["a.png_thumbnail.jpg","a.png_medium.jpg","a.png_large.jpg"]}"#)
    #expect(record.completion("notes.txt")?.kind == .skipped)
    #expect(folder.files.allSatisfy { $0.hasPrefix("in/") } && record.events.isEmpty && record.artifacts.isEmpty)
  }

  @Test func aFileLargerThanTheMemoryIsNotRead() async throws {
    try folder.write("in/huge.jpg", [0xFF, 0xD8, 0xFF])
    #expect(truncate(folder.path + "/in/huge.jpg", 17 << 20) == 0)
    let record = try await run(config(#","limits":{"maxMemoryMiB":16}"#))
    let huge = try #require(record.completion("huge.jpg"))
    #expect(huge.kind == .failed && huge.reason.hasPrefix("the file alone has 17825792 bytes"))
  }

  @Test func whatChangedSinceItWasListedIsLeftToTheNextRun() async throws {
    let harness = PluginHarness(ThumbnailsPlugin.self, config: config())
    try await harness.create()
    try await harness.discover()
    try folder.write("in/a.jpg", try JPEGFixture.make(PNGFixture(300, 20, .grey) { x, _, _ in x % 256 }))
    try FileManager.default.removeItem(atPath: folder.path + "/in/a.png")
    try await harness.process()
    try await harness.destroy()
    for key in ["a.jpg", "a.png"] { #expect(harness.record.completion(key)?.kind == .skipped, "\(key)") }
  }

  @Test func globsChoose() async throws {
    let record = try await run(config(#","include":["*.png"],"exclude":["sub/**"]"#))
    #expect(record.items.map(\.key) == ["a.png"])
  }

  @Test func aDestinationInsideTheSourceIsNotWalked() async throws {
    let inside = #"{"source":{"folder":"\#(folder.path)"},"destination":{"folder":"\#(folder.path)/out"}}"#
    _ = try await run(inside)
    #expect(try await run(inside).items.allSatisfy { $0.key.hasPrefix("in/") })
  }

  @Test func keepsTheContract() async {
    let findings = await Conformance.check(PluginUnderTest(ThumbnailsPlugin.self), config: config())
    #expect(findings.isEmpty, "\(findings)")
  }
}
