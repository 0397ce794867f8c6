import CarillonPlugin
import Synchronization

/// The job's history, read a shard at a time and kept for the life of the process. Thread-safe.
final class HistoryStore: Sendable {
  private let region: String
  private let read = Mutex<[Int: History]>([:])

  init(region: String) { self.region = region }

  private func key(_ shard: Int) -> String { "cost-optimizer.\(region).functions.\(shard)" }
  private var trendKey: String { "cost-optimizer.\(region).trend" }

  func entry(_ function: String, _ run: RunContext) throws -> History.Entry {
    try history(History.shard(of: function), run)[function]
  }

  func history(_ shard: Int, _ run: RunContext) throws -> History {
    if let known = read.withLock({ $0[shard] }) { return known }
    let stored = try run.checkpoint(key(shard), as: History.self) ?? History()
    read.withLock { $0[shard] = stored }
    return stored
  }

  func keep(_ history: History, shard: Int, _ run: RunContext) throws {
    read.withLock { $0[shard] = history }
    try run.setCheckpoint(key(shard), to: history)
  }

  func trend(_ run: RunContext) throws -> Trend { try run.checkpoint(trendKey, as: Trend.self) ?? Trend() }

  func keep(_ trend: Trend, _ run: RunContext) throws { try run.setCheckpoint(trendKey, to: trend) }
}
