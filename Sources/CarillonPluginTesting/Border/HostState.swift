import CCarillonPlugin
import CarillonPlugin

/// What the pretended daemon knows. Guarded by `FakeHost`'s lock.
struct HostState {
  /// The call of the plugin that is under way.
  enum Stage {
    case idle
    case discover
    case finish
  }

  struct OpenItem {
    let key: String
    let memory: BatchMemory
    let index: Int
    var hasBegun = false
    var isCancelled = false
    var events: [EmittedEvent] = []
  }

  let script: Script
  var stage = Stage.idle
  var record = RunRecord()
  var open: [UInt64: OpenItem] = [:]
  var nextID: UInt64 = 1
  var isAllCancelled = false
  var hasBroken = false
  var emitted = 0
  var keys: Set<String> = []
  /// Items named and not yet handed over.
  var queue: [TestItem] = []
  var position = 0
  var inFlight = 0
  /// Resumed at the next completion.
  var waiters: [CheckedContinuation<Void, Never>] = []

  init(_ script: Script) {
    self.script = script
    record.checkpoints = script.checkpoints
  }

  func key(_ item: UInt64) -> String { item == 0 ? "" : open[item]?.key ?? "" }

  mutating func breach(_ text: String) { record.breaches.append(text) }

  /// Whether every item keeps the limits; if not, none is taken.
  mutating func add(_ items: [TestItem]) -> Bool {
    for item in items {
      let count = item.key.utf8.count
      guard count > 0, count <= Int(CARILLON_MAX_KEY_BYTES), !item.key.utf8.contains(0),
        item.payload.count <= Int(CARILLON_MAX_PAYLOAD_BYTES)
      else { return false }
    }
    for item in items {
      guard keys.insert(item.key).inserted else {
        record.duplicateItems += 1
        continue
      }
      record.items.append(item)
      queue.append(item)
    }
    return true
  }

  mutating func close(_ id: UInt64, _ completion: Completion, keepsEvents: Bool) {
    guard let item = open.removeValue(forKey: id) else { return }
    if item.hasBegun { inFlight -= 1 }
    if keepsEvents { record.events += item.events }
    item.memory.poison(item.index)
    record.completions.append(completion)
  }

  /// The next items to hand over.
  mutating func take(_ count: Int) -> [TestItem] {
    let taken = queue[position..<min(position + count, queue.count)]
    position += taken.count
    return Array(taken)
  }
}
