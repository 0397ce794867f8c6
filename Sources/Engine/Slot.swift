import JobModel
import WorkerPool

/// A worker's place in a run: what it is doing and which items it has.
struct Slot {
  enum Phase {
    /// Asked for; not there yet.
    case starting
    /// Free to be given items, or a call.
    case ready
    case discovering
    case finishing
    /// Being ended on purpose: its death says nothing.
    case leaving
  }

  /// Why the engine killed it, when it did.
  enum Kill {
    /// These items outlived their time; empty: nobody knows which of its items did.
    case timeout(guilty: Set<ItemID>)
    /// A discovery or finish was silent for too long.
    case silence
    /// The run is being stopped.
    case stop
  }

  let id: SlotID
  var worker: Worker?
  var phase: Phase
  var inFlight: [ItemID: InFlight] = [:]
  /// It holds one item alone, to see whether that item kills.
  var isIsolating = false
  /// It gets no more items and is replaced once it is empty.
  var retires = false
  var kill: Kill?
  /// Items given to it in this run.
  var itemsGiven = 0
  /// When it last completed an item, or said anything in a call; monotonic.
  var lastSignAt: Duration
  /// Everything in it was told to stop.
  var cancelledAllAt: Duration?
  /// When it was asked to end; it may take the grace period for that.
  var leavingSince: Duration?
  /// When the plugin broke the contract: what it did.
  var violation: String?
  /// The last lines it printed: often the reason of its death.
  var lastOutput: [String] = []
  /// Requests it waits for.
  var openRequests = 0
  var usageCheckedAt: Duration

  /// It may be given items, or a call.
  var isUsable: Bool { phase == .ready && worker != nil && !retires && cancelledAllAt == nil }

  init(id: SlotID, at uptime: Duration) {
    self.id = id
    phase = .starting
    lastSignAt = uptime
    usageCheckedAt = uptime
  }

  mutating func remember(output line: String) {
    lastOutput.append(line)
    if lastOutput.count > 5 { lastOutput.removeFirst() }
  }
}

/// An item that a worker has.
struct InFlight {
  /// The batch it came with; its key and payload stand there.
  let batch: ReadyBatch
  let index: Int
  var handedAt: Duration
  /// When the plugin began it, if it told.
  var startedAt: Duration?
  /// When it was told to stop because its time was up.
  var cancelledAt: Duration?
  var events: [(type: String, json: String)] = []
  /// The last insert with items that it added: its outcome is recorded no earlier. 0: it added none.
  var lastInsert = 0

  var entry: ReadyItems.Entry { batch.items.entries[index] }
  var key: String { String(decoding: batch.items.bytes[entry.key.range], as: UTF8.self) }
}

/// Ready items as they came from the store, shared by the items on their way.
final class ReadyBatch: Sendable {
  let items: ReadyItems
  init(_ items: ReadyItems) { self.items = items }
}
