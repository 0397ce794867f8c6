/// Goes through the runs of all parts user by user, in the order of the users' bytes.
final class RunMerge {
  /// What all cursors' buffers may take together. Bytes.
  private static let bufferBytes = 48 << 20

  let names: Names
  private var cursors: [RunCursor] = []
  /// The cursors that are not at their ends, the one with the first user on top; of several with that user the first run.
  private var heap: [Int] = []
  /// By cursor: the first eight bytes of its user, which decide almost always.
  private var keys: [UInt64] = []

  /// The user, and the events in their order; until the next call of `next`.
  private(set) var user: [UInt8] = []
  private(set) var events: [Event] = []
  private(set) var idTexts: [UInt8] = []
  /// Counts users from 0.
  private(set) var serial: UInt32 = .max

  /// Throws `invalid`, `system`.
  init(_ parts: [PartFile]) throws(RollupsError) {
    names = Names(parts)
    let runs = max(1, parts.reduce(0) { $0 + $1.facts.runs.count })
    let bytes = min(512 << 10, Self.bufferBytes / runs)
    for part in parts where !part.facts.runs.isEmpty {
      guard let file = try SystemFile.open(part.path) else {
        throw RollupsError(.changed, "\(part.path) was replaced while the tables were made")
      }
      let numbers = names.numbers(of: part)
      for run in part.facts.runs { cursors.append(RunCursor(file, run, numbers, bufferBytes: bytes)) }
    }
    keys = [UInt64](repeating: 0, count: cursors.count)
    for index in cursors.indices where try cursors[index].advance() {
      keys[index] = Self.key(cursors[index].name)
      heap.append(index)
    }
    heap.sort(by: precedes)
  }

  /// Goes to the next user; false behind the last.
  func next() throws(RollupsError) -> Bool {
    guard let top = heap.first else { return false }
    events.removeAll(keepingCapacity: true)
    idTexts.removeAll(keepingCapacity: true)
    user.removeAll(keepingCapacity: true)
    user.append(contentsOf: cursors[top].name)
    serial &+= 1
    while let index = heap.first, isUser(index) {
      try cursors[index].take(into: &events, &idTexts)
      if try cursors[index].advance() {
        keys[index] = Self.key(cursors[index].name)
      } else {
        heap[0] = heap[heap.count - 1]
        heap.removeLast()
      }
      sink()
    }
    for index in events.indices.dropFirst() where Event.precedes(events[index], events[index - 1]) {
      events.sort(by: Event.precedes)
      break
    }
    return true
  }

  private func isUser(_ index: Int) -> Bool {
    let name = cursors[index].name
    guard name.count == user.count else { return false }
    return user.withUnsafeBytes { $0.elementsEqual(name) }
  }

  private static func key(_ name: UnsafeRawBufferPointer) -> UInt64 {
    if name.count >= 8 { return UInt64(bigEndian: name.loadUnaligned(as: UInt64.self)) }
    var key: UInt64 = 0
    for index in 0..<8 { key = key << 8 | (index < name.count ? UInt64(name[index]) : 0) }
    return key
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    if keys[left] != keys[right] { return keys[left] < keys[right] }
    let (a, b) = (cursors[left].name, cursors[right].name)
    if a.count <= 8, b.count <= 8 { return a.count == b.count ? left < right : a.count < b.count }
    if a.lexicographicallyPrecedes(b) { return true }
    return a.elementsEqual(b) ? left < right : false
  }

  private func sink() {
    var hole = 0
    guard heap.count > 1 else { return }
    let moved = heap[0]
    while true {
      var child = 2 * hole + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, precedes(heap[child + 1], heap[child]) { child += 1 }
      guard precedes(heap[child], moved) else { break }
      heap[hole] = heap[child]
      hole = child
    }
    heap[hole] = moved
  }
}
