import Engine
import Foundation
import Testing
import Seeded

/// What we write, Foundation reads: with the very same text.
struct JSONTextTests {
  static let hostile = [
    "", "plain", "\"", "\\", "\\\"", "line\nbreak", "\r\n\t", "\u{0}", "\u{1}\u{1f}\u{7f}", "\u{2028}\u{2029}", "grün", "日本語",
    "👩‍👩‍👧", "\u{fffd}", "</script>", "a\u{8}b\u{c}c", "{\"at\":1}", String(repeating: "\\", count: 33), "e\u{301}", "x\u{feff}",
  ]

  @Test func hostileStringsComeBackAsTheyWere() throws {
    for name in Self.hostile {
      for value in Self.hostile {
        var text = JSONText()
        text.object {
          $0.field(name, value)
          $0.field("number \(name)", Int64.min)
        }
        let read = try #require(try JSONSerialization.jsonObject(with: Data(text.bytes)) as? [String: Any])
        let found = try #require(read[name] as? String, "\(name.debugDescription)")
        #expect(Array(found.unicodeScalars) == Array(value.unicodeScalars))
        #expect((read["number \(name)"] as? NSNumber)?.int64Value == .min)
        #expect(!text.bytes.contains { $0 < 0x20 }, "a line must stay one line")
      }
    }
  }

  @Test func randomStringsComeBackAsTheyWere() throws {
    var random = SplitMix(seed: 51)
    for _ in 0..<3_000 {
      let scalars = (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in
        Unicode.Scalar(UInt32.random(in: 0...0x10ffff, using: &random) >> UInt32.random(in: 0...14, using: &random))
      }
      let value = String(String.UnicodeScalarView(scalars))
      var text = JSONText()
      text.object { $0.field("v", value) }
      let read = try JSONDecoder().decode([String: String].self, from: Data(text.bytes))
      #expect(read["v"].map { Array($0.unicodeScalars) } == scalars)
    }
  }
}
