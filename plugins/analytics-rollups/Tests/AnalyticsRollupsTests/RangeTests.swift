import Foundation
import Seeded
import Testing

@testable import RollupTables

/// Files cut into ranges.
@Suite struct RangeTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func lines(_ name: String, _ span: ByteSpan, _ packing: Packing? = nil) throws -> [String] {
    let file = try #require(try SystemFile.open("\(folder.path)/\(name)"))
    var reader = RangeReader()
    var lines: [String] = []
    try reader.read(
      file, span, packing: packing,
      take: { start, _ in
        let end = Newline.first(from: start)
        lines.append(String(decoding: UnsafeBufferPointer(start: start, count: end - start), as: UTF8.self))
        return end
      }, takeLong: { _ in lines.append("long") })
    return lines
  }

  /// However a file is cut, each of its lines is in one range.
  @Test func everyCut() throws {
    let all = ["a", "", "bcd", "ef", "g"]
    try folder.write("x", Array(all.joined(separator: "\n").utf8))
    for size in 1...12 as ClosedRange<Int64> {
      var found: [String] = []
      for start in stride(from: 0, to: Int64(12), by: Int64.Stride(size)) {
        found += try lines("x", ByteSpan(start: start, end: start + size))
      }
      #expect(found == all, "ranges of \(size)")
    }
  }

  @Test func linesLongerThanMemory() throws {
    let long = String(repeating: "x", count: RangeReader.bufferBytes + 5)
    try folder.write("x", Array("a\n\(long)\nb\n".utf8))
    #expect(try lines("x", ByteSpan()) == ["a", "long", "b"])
  }

  @Test func packed() throws {
    let text = (0..<50_000).map { "line \($0)" }
    try folder.write("x", lines: text)
    try Program.run(
      "sh", ["-c", "cd '\(folder.path)' && (head -n 20000 x | gzip; tail -n +20001 x | gzip) > x.gz && zstd -q x"])
    #expect(try lines("x.gz", ByteSpan(), .gzip) == text)
    #expect(try lines("x.zst", ByteSpan(), .zstd) == text)
  }

  @Test(arguments: [Packing.gzip, .zstd])
  func damaged(packing: Packing) throws {
    try folder.write("x", lines: (0..<5_000).map { "line \($0)" })
    try Program.run("sh", ["-c", "cd '\(folder.path)' && gzip -k x && zstd -q x"])
    let name = packing == .gzip ? "x.gz" : "x.zst"
    let whole = try folder.read(name)
    for bytes in [Array(whole.dropLast(10)), Array(repeating: 7, count: 100), whole + [1, 2, 3]] {
      try folder.write(name, bytes)
      let error = #expect(throws: RollupsError.self) { try lines(name, ByteSpan(), packing) }
      #expect(error?.code == .unreadable)
    }
    try folder.write(name, [])
    #expect(try lines(name, ByteSpan(), packing) == [])
  }
}
