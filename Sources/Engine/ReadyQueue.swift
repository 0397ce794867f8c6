import DequeModule
import JobModel

/// Items that may be handed out, in order: first those that were put in front, then the rest. Bounded by who fills it.
struct ReadyQueue {
  private struct Run {
    let batch: ReadyBatch
    var next: Int
  }

  private var runs: Deque<Run> = []
  private(set) var count = 0
  /// Of the keys and payloads of the batches that items are taken from.
  private(set) var bytes = 0

  var isEmpty: Bool { count == 0 }

  mutating func append(_ items: ReadyItems) {
    guard !items.entries.isEmpty else { return }
    runs.append(Run(batch: ReadyBatch(items), next: 0))
    count += items.entries.count
    bytes += items.bytes.count
  }

  mutating func prepend(_ items: ReadyItems) {
    guard !items.entries.isEmpty else { return }
    runs.prepend(Run(batch: ReadyBatch(items), next: 0))
    count += items.entries.count
    bytes += items.bytes.count
  }

  /// Takes up to `limit` items that stand together and whose bytes stay near `maxBytes`: one frame's worth.
  mutating func take(_ limit: Int, maxBytes: Int) -> (batch: ReadyBatch, indices: Range<Int>)? {
    guard let first = runs.first, limit > 0 else { return nil }
    let entries = first.batch.items.entries
    var end = first.next
    var bytes = 0
    while end < entries.count, end - first.next < limit, bytes < maxBytes {
      bytes += Int(entries[end].key.count) + Int(entries[end].payload.count)
      end += 1
    }
    let indices = first.next..<end
    count -= indices.count
    if end == entries.count {
      runs.removeFirst()
      self.bytes -= first.batch.items.bytes.count
    } else {
      runs[0].next = end
    }
    return (first.batch, indices)
  }

  mutating func removeAll() {
    runs.removeAll()
    count = 0
    bytes = 0
  }
}
