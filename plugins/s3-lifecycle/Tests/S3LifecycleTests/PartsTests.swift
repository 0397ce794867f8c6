@testable import AWSClient
import CarillonPlugin
import Foundation
import Seeded
import Testing

@testable import S3Lifecycle

/// The parts that need no server: ranges, counts, merging, hashes, figures.
@Suite struct PartsTests {
  @Test func stretchesTakeEachKeyOnce() {
    let seed = UInt64.random(in: 0 ... .max)
    print("stretches, seed \(seed)")
    var random = SplitMix(seed: seed)
    let letters = ["a", "b", "0", ".", "-", "/", "ä", "~", "\u{10FFFF}", "\u{E000}", "\u{D7FF}", "0"]
    for _ in 0..<300 {
      let keys = Set(
        (0..<60).map { _ in
          "p/" + (0..<Int.random(in: 1...6, using: &random)).map { _ in letters.randomElement(using: &random)! }.joined()
        })
      let inOrder = keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      var prefixes: [String] = []
      for key in inOrder {
        guard let slash = key.dropFirst(2).firstIndex(of: "/") else { continue }
        let prefix = String(key[...slash])
        if prefixes.last != prefix { prefixes.append(prefix) }
      }
      // What a page with a delimiter has itself is not met again in a stretch; everything else is, once.
      let below = inOrder.filter { $0.dropFirst(2).contains("/") }
      for count in [1, 3, 4] {
        let ranges = KeyRange.chunks(prefixes, of: "p/", count: count, depth: 1)
        let met = ranges.flatMap { range in
          inOrder.filter { key in
            if let start = range.startAfter, !start.utf8.lexicographicallyPrecedes(key.utf8) { return false }
            return range.place(of: key) == .within
          }
        }
        #expect(met == below, "seed \(seed)")
      }
    }
  }

  @Test func countsByPrefixAgeAndClass() {
    let day = 86_400
    let now = 1_000 * day
    func object(_ key: String, _ bytes: Int64, ageDays: Int, _ storageClass: StorageClass = .standard) -> ScannedObject {
      var listed = ListedObject()
      (listed.key, listed.bytes, listed.storageClass, listed.lastModifiedAt) = (key, bytes, storageClass, now - ageDays * day)
      return ScannedObject(listed)
    }
    var counter = Counter(now: now)
    for one in [
      object("a", 1, ageDays: 0), object("logs/1", 10, ageDays: 29), object("logs/2/x", 20, ageDays: 30, .glacier),
      object("logs0", 5, ageDays: 364), object("uploads/", 0, ageDays: 365), object("z", 7, ageDays: 89),
    ] { counter.add(one) }
    let analysis = counter.finish()
    #expect(analysis.current.objects == 6 && analysis.current.bytes == 43)
    #expect(analysis.ages.map(\.bytes) == [11, 27, 5, 0] && analysis.ages.map(\.objects) == [2, 2, 1, 1])
    #expect(analysis.classes["GLACIER"]?.bytes == 20 && analysis.classes["STANDARD"]?.objects == 5)
    #expect(analysis.prefixes.mapValues(\.current.objects) == ["": 3, "logs/": 2, "uploads/": 1])
  }

  @Test func memoryDoesNotGrowWithPrefixes() {
    var counter = Counter(now: 0)
    for number in 0..<(Analysis.maxPrefixes + 500) {
      var listed = ListedObject()
      listed.key = String(format: "%06d/k", number)
      counter.add(ScannedObject(listed))
    }
    let analysis = counter.finish()
    #expect(analysis.prefixes.count == Analysis.maxPrefixes + 1)
    #expect(analysis.prefixes[Analysis.otherPrefixes]?.current.objects == 500)
  }

  /// Past as many prefixes as are told apart, in one listing or in many.
  @Test func prefixesThatRulesAreMadeForAreAlwaysSeen() {
    var whole = Analysis()
    for number in 0...Analysis.maxPrefixes { whole.add(Analysis.Prefix(), under: "a\(number)/") }
    var counter = Counter(now: 0)
    for key in ["logs/x", "other/x", "uploads/x"] {
      var listed = ListedObject()
      (listed.key, listed.bytes) = (key, 5)
      counter.add(ScannedObject(listed))
    }
    whole.add(counter.finish())
    #expect(whole.prefixes["logs/"]?.current.bytes == 5 && whole.prefixes["uploads/"]?.current.bytes == 5)
    #expect(whole.prefixes["other/"] == nil && whole.prefixes[Analysis.otherPrefixes]?.current.bytes == 5)
  }

  @Test func mergingLeavesOthersAlone() {
    func rule(_ id: String?, days: Int) -> LifecycleRule {
      var rule = LifecycleRule(id: "", prefix: "x/")
      (rule.id, rule.expiration) = (id, .init(days: days))
      return rule
    }
    let existing = [rule("theirs", days: 1), rule("carillon-old", days: 2), rule("carillon-same", days: 3), rule(nil, days: 4)]
    let merge = RuleMerge(
      existing: existing, wanted: [rule("carillon-same", days: 3), rule("carillon-new", days: 5)], idPrefix: "carillon-")
    #expect(merge.target.map(\.id) == ["theirs", nil, "carillon-same", "carillon-new"])
    #expect(merge.changes.map(\.kind) == [.foreign, .foreign, .unchanged, .added, .removed])
    #expect(merge.changes.last?.diff == ["carillon-old: removed", "  - prefix x/", "  - after 2 d expire"])
    #expect(
      merge.isChange && !RuleMerge(existing: merge.target, wanted: Array(merge.target[2...]), idPrefix: "carillon-").isChange)
    #expect(RuleMerge.areSame(existing, existing.reversed()) && !RuleMerge.areSame(existing, existing + [existing[0]]))
    let changed = RuleMerge(existing: existing, wanted: [rule("carillon-old", days: 9)], idPrefix: "carillon-").changes[2]
    #expect(changed.diff == ["carillon-old: changed", "    prefix x/", "  - after 2 d expire", "  + after 9 d expire"])
  }

  @Test func theHashKnowsNoOrder() {
    let seed = UInt64.random(in: 0 ... .max)
    print("hash, seed \(seed)")
    var random = SplitMix(seed: seed)
    let texts = (0..<200).map { _ in String(UInt64.random(in: 0 ... .max, using: &random)) }
    func hash(_ texts: [String]) -> ItemListHash {
      var parts = [ItemListHash(), ItemListHash(), ItemListHash()]
      for text in texts { parts[Int.random(in: 0..<3, using: &random)].add(text, bytes: 1) }
      return parts.reduce(into: ItemListHash()) { $0.add($1) }
    }
    let whole = hash(texts)
    #expect(whole == hash(texts.shuffled(using: &random)), "seed \(seed)")
    #expect(whole.text.count == 64 && whole.count == 200)
    #expect(whole != hash(Array(texts.dropLast())) && whole.text != hash(texts.dropLast() + ["other"]).text)
  }

  @Test func longKeysHaveItemsOfTheirOwn() {
    func due(_ key: String) -> DueObject {
      var listed = ListedObject()
      listed.key = key
      return DueObject(ScannedObject(listed), to: .glacier, rule: "r", savesMonthly: 0)
    }
    #expect(due("a/b").itemKey == "object/a/b")
    let long = String(repeating: "ä", count: 511)
    let (one, other) = (due(long + "1").itemKey, due(long + "2").itemKey)
    #expect(one != other && one.utf8.count <= 1_024 && other.utf8.count <= 1_024)
  }

  @Test(arguments: [
    (0.0, "$0.00"), (1234.5, "$1234.50"), (-2.345, "-$2.35"), (0.0213, "$0.0213"), (-0.000001, "$0.00"),
  ])
  func dollars(_ value: Double, _ text: String) { #expect(Figure.dollars(value) == text) }

  @Test func figures() {
    #expect(Figure.count(1_234_567) == "1,234,567" && Figure.count(12) == "12" && Figure.count(-1_000) == "-1,000")
    #expect(Figure.bytes(1_023) == "1023 B" && Figure.bytes(1_536) == "1.5 KiB" && Figure.bytes(20 << 30) == "20 GiB")
  }

  @Test func configurationsAreChecked() throws {
    func problems(_ json: String) throws -> [String] {
      try JSONDecoder().decode(LifecycleConfig.self, from: Data(json.utf8)).diagnostics.map { "\($0.pointer) \($0.message)" }
    }
    #expect(try problems(#"{"bucket":"b"}"#).isEmpty)
    let rule = #"{"id":"x","transitions":[{"days":1,"to":"STANDARD_IA"}]}"#
    #expect(
      try problems(#"{"bucket":"b","rules":[\#(rule)]}"#)
        == ["/rules/0 a transition to STANDARD_IA takes at least 30 days, not 1"])
    let kept = #"{"id":"x","noncurrent":{"transitions":[{"days":30,"to":"STANDARD_IA"}],"keepNewest":3}}"#
    #expect(try problems(#"{"bucket":"b","rules":[\#(kept)]}"#).first?.hasPrefix("/rules/0/noncurrent/keepNewest ") == true)
    let whole = kept.replacing(#""keepNewest""#, with: #""expireDays":90,"keepNewest""#)
    #expect(try problems(#"{"bucket":"b","rules":[\#(whole)]}"#).isEmpty)
    #expect(try problems(#"{"bucket":"a/b","idPrefix":""}"#).count == 2)
    #expect(try problems(#"{"bucket":"b","tiering":[{"id":"t","archiveDays":30}]}"#).first?.hasPrefix("/tiering/0") == true)
    #expect(try problems(#"{"bucket":"b","aws":{"endpoint":"nonsense","accessKeyId":"x"}}"#).count == 2)
    #expect(throws: DecodingError.self) { try problems(#"{"bucket":"b","rules":"all"}"#) }
  }
}
