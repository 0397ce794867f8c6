import Synchronization

/// Work by number, for plugins made from JSON.
final class Registry: Sendable {
  static let shared = Registry()

  private let works = Mutex<[any Sendable]>([])

  func add(_ work: any Sendable) -> Int {
    works.withLock { works in
      works.append(work)
      return works.count - 1
    }
  }

  func find(_ id: Int) -> (any Sendable)? {
    works.withLock { works in works.indices.contains(id) ? works[id] : nil }
  }
}
