import Foundation
import JobModel
import Testing

@testable import Store

/// What stands in two places stands there alike.
@Suite struct DocumentTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../..").standardizedFileURL

  /// With CARILLON_WRITE_DOCS set, writes the page instead.
  @Test func theStateMachinePageIsDrawnFromTheModel() throws {
    let page = Self.root.appendingPathComponent("docs/state-machine.md")
    let drawn = StateMachinePage.text
    if ProcessInfo.processInfo.environment["CARILLON_WRITE_DOCS"] != nil {
      try FileManager.default.createDirectory(at: page.deletingLastPathComponent(), withIntermediateDirectories: true)
      try drawn.write(to: page, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: page, encoding: .utf8) == drawn, "write it anew with CARILLON_WRITE_DOCS=1")
  }

  /// The ceiling measures the same table and the same statements as the store.
  @Test func theCeilingHasTheStoresStatements() throws {
    let file = Self.root.appendingPathComponent("Benchmarks/store/sqlite_ceiling.c")
    let text = try String(contentsOf: file, encoding: .utf8)
    let literals = text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map(\.element).joined()
    let ceiling = Self.squeeze(literals)
    let item = try #require(Schema.steps[0].split(separator: "\n\n").first { $0.contains("CREATE TABLE item (") })
    for sql in [String(item), ItemSQL.insert, ItemSQL.readyNormal, ItemSQL.record] {
      #expect(ceiling.contains(Self.squeeze(sql)), "the ceiling lacks: \(sql)")
    }
  }

  private static func squeeze(_ text: some StringProtocol) -> String {
    String(text.filter { !$0.isWhitespace })
  }
}
