/// Items and outcomes travel between worker, engine and store as batches: one run of bytes, and small fixed records that
/// point into it. No string or array is allocated for an item on the way.

/// A piece of a batch's bytes.
package struct ByteRange: Hashable, Sendable {
  package var offset: Int32
  package var count: Int32

  package static let empty = ByteRange(offset: 0, count: 0)

  package init(offset: Int, count: Int) {
    self.offset = Int32(truncatingIfNeeded: offset)
    self.count = Int32(truncatingIfNeeded: count)
  }

  package var isEmpty: Bool { count == 0 }
  package var range: Range<Int> { Int(offset)..<(Int(offset) + Int(count)) }
}

/// Names one item in a store for good: the run's number in the upper 31 bits, the item's place in the run (from 1) below.
package struct ItemID: Hashable, Comparable, Sendable {
  package var raw: Int64

  package init(raw: Int64) { self.raw = raw }
  package init(run: RunNumber, place: Int) { raw = run.raw << 32 | Int64(place) }

  /// 1 for the first item named in the run.
  package var place: Int { Int(raw & 0xffff_ffff) }
  package var run: RunNumber { RunNumber(raw: raw >> 32) }

  package static func < (left: ItemID, right: ItemID) -> Bool { left.raw < right.raw }
}

/// The store's own number of a run, from 1 upwards; people see the `RunID`.
package struct RunNumber: Hashable, Sendable {
  package var raw: Int64

  package init(raw: Int64) { self.raw = raw }
}

/// Items as a plugin named them, in its order.
package struct NewItems: Sendable {
  package struct Entry: Sendable {
    package var priority: Int32
    package var key: ByteRange
    package var payload: ByteRange

    package init(priority: Int32, key: ByteRange, payload: ByteRange) {
      self.priority = priority
      self.key = key
      self.payload = payload
    }
  }

  package var bytes: [UInt8]
  package var entries: [Entry]

  package init(bytes: [UInt8] = [], entries: [Entry] = []) {
    self.bytes = bytes
    self.entries = entries
  }
}

/// Items that may be handed to a worker, in the order in which they should be.
package struct ReadyItems: Sendable {
  package struct Entry: Sendable {
    package var id: ItemID
    /// Attempts charged so far: the next is this plus one.
    package var attempts: Int32
    /// Workers that died of it so far.
    package var deaths: Int32
    package var priority: Int32
    package var key: ByteRange
    package var payload: ByteRange

    package init(id: ItemID, attempts: Int32, deaths: Int32, priority: Int32, key: ByteRange, payload: ByteRange) {
      self.id = id
      self.attempts = attempts
      self.deaths = deaths
      self.priority = priority
      self.key = key
      self.payload = payload
    }
  }

  package var bytes: [UInt8]
  package var entries: [Entry]

  package init(bytes: [UInt8] = [], entries: [Entry] = []) {
    self.bytes = bytes
    self.entries = entries
  }
}

/// What workers said of items, before the engine judged it.
package struct Outcomes: Sendable {
  package struct Entry: Sendable {
    package var item: ItemID
    package var kind: OutcomeKind
    /// The plugin's wish for the delay; 0 or less: none.
    package var afterMicroseconds: Int64
    package var durationMicroseconds: Int64
    package var reason: ByteRange
    package var output: ByteRange
    package var effect: ByteRange
    package var dependency: ByteRange

    package init(
      item: ItemID, kind: OutcomeKind, afterMicroseconds: Int64, durationMicroseconds: Int64, reason: ByteRange,
      output: ByteRange, effect: ByteRange, dependency: ByteRange
    ) {
      self.item = item
      self.kind = kind
      self.afterMicroseconds = afterMicroseconds
      self.durationMicroseconds = durationMicroseconds
      self.reason = reason
      self.output = output
      self.effect = effect
      self.dependency = dependency
    }
  }

  package var bytes: [UInt8]
  package var entries: [Entry]

  package init(bytes: [UInt8] = [], entries: [Entry] = []) {
    self.bytes = bytes
    self.entries = entries
  }
}
