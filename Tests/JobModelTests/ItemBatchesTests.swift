import JobModel
import Testing
import Seeded

struct ItemBatchesTests {
  @Test func anItemsIDHoldsItsRunAndItsPlace() {
    var random = SplitMix(seed: 21)
    for _ in 0..<5_000 {
      let run = RunNumber(raw: .random(in: 1...0x7fff_ffff, using: &random))
      let place = Int.random(in: 1...0xffff_ffff, using: &random)
      let id = ItemID(run: run, place: place)
      #expect(id.run == run && id.place == place && id.raw > 0)
      #expect(id < ItemID(run: RunNumber(raw: run.raw + 1), place: 1) || run.raw == 0x7fff_ffff)
      if place < 0xffff_ffff { #expect(id < ItemID(run: run, place: place + 1)) }
    }
  }

  @Test func aRangeSaysWhichBytes() {
    let range = ByteRange(offset: 7, count: 5)
    #expect(range.range == 7..<12)
    #expect(!range.isEmpty)
    #expect(ByteRange.empty.isEmpty && ByteRange.empty.range.isEmpty)
    #expect(ByteRange(offset: Int(Int32.max), count: 0).range == Int(Int32.max)..<Int(Int32.max))
  }

  @Test func durationsAreCountedInMicroseconds() {
    #expect(Duration.seconds(3).wholeMicroseconds == 3_000_000)
    #expect(Duration.nanoseconds(1_999).wholeMicroseconds == 1)
    #expect(Duration.nanoseconds(-1_999).wholeMicroseconds == -1)
    #expect(Duration.seconds(Int64.max).wholeMicroseconds == .max)
    #expect(Duration.seconds(-Int64.max).wholeMicroseconds == .min)
  }
}
