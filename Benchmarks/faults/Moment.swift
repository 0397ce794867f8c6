import Glibc
import Seeded

/// When an engine is killed.
enum Moment: CustomStringConvertible {
  /// So long after it was started: while it opens the store, takes the run up, starts workers.
  case afterStart(microseconds: UInt32)
  /// While the plugin names the items.
  case discovering(microseconds: UInt32)
  /// When so many items have ended.
  case ended(count: Int, microseconds: UInt32)
  /// When the last item has ended, while the run is closed.
  case finishing(microseconds: UInt32)

  /// - Parameter done: items that have ended before; nil: the run is not begun.
  static func random(done: Int?, of items: Int, using random: inout SplitMix) -> Moment {
    let draw = Int.random(in: 0..<100, using: &random)
    guard let done else {
      return draw < 50
        ? .discovering(microseconds: .random(in: 0..<10_000, using: &random))
        : .afterStart(microseconds: .random(in: 0..<200_000, using: &random))
    }
    let left = items - done
    if draw < 25 || left < 2 { return .afterStart(microseconds: .random(in: 0..<150_000, using: &random)) }
    if draw < 32 { return .finishing(microseconds: .random(in: 0..<3_000, using: &random)) }
    let further = Int.random(in: 1...max(1, min(left, items / 8)), using: &random)
    return .ended(count: done + further, microseconds: .random(in: 0..<5_000, using: &random))
  }

  /// Waits for the moment. Returns early when the engine has ended.
  func wait(for engine: EngineProcess, job: CampaignJob, state: String) {
    switch self {
    case .afterStart(let microseconds):
      while !engine.hasEnded, engine.startedAt.duration(to: .now) < .microseconds(Int64(microseconds)) { usleep(100) }
    case .discovering(let after):
      watch(engine, job, state, after) { $0.state != "0" }
    case .ended(let count, let after):
      watch(engine, job, state, after) { $0.ended >= count }
    case .finishing(let after):
      watch(engine, job, state, after) { $0.ended >= job.items }
    }
  }

  var description: String {
    switch self {
    case .afterStart(let microseconds): "\(microseconds / 1_000) ms after its start"
    case .discovering: "discovering"
    case .ended(let count, _): "after \(count) items"
    case .finishing: "at the end"
    }
  }

  /// Looks at the store until the run is there, then lets `after` microseconds pass. The connection is closed before the kill:
  /// the next engine must find the file as the dead one left it.
  private func watch(
    _ engine: EngineProcess, _ job: CampaignJob, _ state: String, _ after: UInt32,
    _ isThere: ((state: String, ended: Int)) -> Bool
  ) {
    var database: Database?
    while !engine.hasEnded {
      do {
        if database == nil { database = try Database("\(state)/carillon.db", isCopy: false) }
        let row = try database?.rows(
          "SELECT state, succeeded + skipped + dead + poisoned FROM run WHERE job = '\(job.name)'")
        if let row = row?.first, isThere((row[0], Int(row[1])!)) { break }
      } catch {
        database = nil  // the file is not there yet, or not whole: look again
      }
      usleep(200)
    }
    database = nil
    usleep(after)
  }
}
