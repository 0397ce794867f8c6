import JobModel
import Store

/// What the items of a run should be, in the most obvious way.
struct ItemModel {
  struct Item: Equatable {
    var id: ItemID
    var key: String
    var state: ItemState = .available
    var priority: Int
    var attempts = 0
    var dueAt: Timestamp?

    init(id: ItemID, key: String, priority: Int) {
      self.id = id
      self.key = key
      self.priority = priority
    }

    init(_ record: ItemRecord) {
      self.init(id: record.id, key: record.key, priority: record.priority)
      state = record.state
      attempts = record.attempts
      dueAt = record.dueAt
    }
  }

  let run: RunNumber
  var items: [Item] = []
  var duplicateKeys = 0
  var staleOutcomes = 0
  /// Tries in an item's history, by key.
  var tries: [String: Int] = [:]
  /// Keys that have been tried since they were added: what ended them becomes history when they are retried.
  private var tried: Set<String> = []

  init(run: RunNumber) { self.run = run }

  mutating func insert(_ keys: [(String, Int32)]) -> Int {
    var inserted = 0
    for (key, priority) in keys {
      if items.contains(where: { $0.key == key }) {
        duplicateKeys += 1
      } else {
        inserted += 1
        items.append(Item(id: ItemID(run: run, place: items.count + 1), key: key, priority: Int(priority)))
      }
    }
    return inserted
  }

  mutating func record(
    _ id: ItemID, _ state: ItemState, expected: Int, charges: Int, dueAt: Timestamp?
  ) -> Bool {
    let index = id.place - 1
    guard items[index].state == .available, items[index].attempts == expected else {
      staleOutcomes += 1
      return false
    }
    items[index].state = state
    items[index].attempts = expected + charges
    items[index].dueAt = dueAt
    if state == .retrying { tries[items[index].key, default: 0] += 1 }
    if state != .available { tried.insert(items[index].key) }
    return true
  }

  mutating func promote(at: Timestamp, limit: Int) -> [ItemID] {
    let due = items.filter { $0.state == .retrying && $0.dueAt ?? at <= at }
      .sorted { ($0.dueAt ?? at, $0.id) < ($1.dueAt ?? at, $1.id) }
      .prefix(limit).map(\.id)
    for id in due {
      items[id.place - 1].state = .available
      items[id.place - 1].dueAt = nil
    }
    return Array(due)
  }

  mutating func cancel() -> Int {
    change(where: { $0 == .available || $0 == .retrying }) { $0.state = .cancelled }
  }

  mutating func retry() -> Int {
    for item in items where item.state.isFailure && tried.contains(item.key) { tries[item.key, default: 0] += 1 }
    return change(where: \.isFailure) {
      $0.state = .available
      $0.attempts = 0
    }
  }

  private mutating func change(where isMeant: (ItemState) -> Bool, _ body: (inout Item) -> Void) -> Int {
    var changed = 0
    for index in items.indices where isMeant(items[index].state) {
      items[index].dueAt = nil
      body(&items[index])
      changed += 1
    }
    return changed
  }
}
