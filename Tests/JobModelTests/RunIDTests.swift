import JobModel
import Testing
import Seeded

struct RunIDTests {
  @Test func anIDIsItsStartAndThirtyBits() throws {
    var random = SplitMix(seed: 1)
    let id = RunID(start: Timestamp(microseconds: 1_795_419_912_034_567), using: &random)
    let shape = try Regex("20261123T074512-[a-z0-9]{6}")
    #expect(try shape.wholeMatch(in: id.text) != nil, "\(id)")
    #expect(id.text.allSatisfy { !"ilou".contains($0) }, "letters that are taken for digits")
  }

  @Test func idsSortAsTheirStarts() {
    var random = SplitMix(seed: 2)
    let starts = (0..<500).map { _ in Int64.random(in: 0...4_102_444_799, using: &random) }.sorted()
    let seconds = starts.map { RunID(start: Timestamp(microseconds: $0 * 1_000_000), using: &random).text.prefix(15) }
    #expect(seconds == seconds.sorted())
  }

  @Test func idsOfOneSecondDiffer() {
    var random = SplitMix(seed: 3)
    let start = Timestamp(microseconds: 0)
    let ids = Set((0..<1_000).map { _ in RunID(start: start, using: &random) })
    #expect(ids.count == 1_000)  // of a billion; a seed that fails here stands for a generator that does not spread
  }
}
