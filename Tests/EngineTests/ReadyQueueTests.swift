import JobModel
import Testing

@testable import Engine
import Seeded

/// The queue against a plain array.
struct ReadyQueueTests {
  private static func batch(_ ids: [Int64], bytes: Int) -> ReadyItems {
    ReadyItems(
      bytes: [UInt8](repeating: 0, count: bytes),
      entries: ids.map {
        ReadyItems.Entry(
          id: ItemID(raw: $0), attempts: 0, deaths: 0, priority: 0, key: ByteRange(offset: 0, count: bytes), payload: .empty)
      })
  }

  @Test func itGivesWhatAnArrayWouldGive() {
    var random = SplitMix(seed: 41)
    for _ in 0..<200 {
      var queue = ReadyQueue()
      var model: [Int64] = []
      var next: Int64 = 1
      for _ in 0..<200 {
        switch Int.random(in: 0..<10, using: &random) {
        case 0...3:
          let ids = (0..<Int64.random(in: 0...20, using: &random)).map { next + $0 }
          next += Int64(ids.count)
          let goesFirst = Bool.random(using: &random)
          if goesFirst { queue.prepend(Self.batch(ids, bytes: 10)) } else { queue.append(Self.batch(ids, bytes: 10)) }
          model = goesFirst ? ids + model : model + ids
        case 4...8:
          let limit = Int.random(in: 0...30, using: &random)
          let taken = queue.take(limit, maxBytes: 10_000)
          let ids = taken.map { taken in taken.batch.items.entries[taken.indices].map(\.id.raw) } ?? []
          #expect(ids == Array(model.prefix(ids.count)))
          #expect(ids.count <= limit && (ids.isEmpty == (limit == 0 || model.isEmpty)))
          model.removeFirst(ids.count)
        default:
          guard Int.random(in: 0..<20, using: &random) == 0 else { break }
          queue.removeAll()
          model = []
        }
        #expect(queue.count == model.count && queue.isEmpty == model.isEmpty)
      }
    }
  }

  @Test func aFrameIsNotMuchLargerThanItsBound() {
    var queue = ReadyQueue()
    queue.append(Self.batch(Array(1...100), bytes: 1_000))
    let frames = [5_000, 5_001, 1].map { queue.take(100, maxBytes: $0)?.indices }
    // It stops at the first item that passes the bound; one always goes.
    #expect(frames == [0..<5, 5..<11, 11..<12])
  }
}
