import Foundation

/// What the store's file says of a run. The numbers are the ones that docs/state-machine.md gives the states.
struct RunSnapshot {
  static let stateNames = [
    "queued", "discovering", "running", "finishing", "succeeded", "completedWithFailures", "failed", "cancelled",
  ]
  static let itemSucceeded = 3

  struct Item: Equatable {
    var key: String
    var state: Int
    var attempts: Int
    var deaths: Int
    var startedAt: String
    var duration: String
    var pid: Int
  }

  var id: String
  var state: Int
  /// The run row's own counts: available, retrying, succeeded, skipped, dead, poisoned, cancelled.
  var counts: [Int]
  var items: [Item]
  /// Tries that are in the history, by cause.
  var tries: [Int: Int]
  /// What SQLite says of the file itself: "ok".
  var integrity: String

  var stateName: String { Self.stateNames[state] }
  var isEnded: Bool { state >= 4 }
  var succeeded: [Item] { items.filter { $0.state == Self.itemSucceeded } }

  /// The newest run of a job; nil when there is none. Reads a copy of the file and its log, so that nothing is changed that
  /// the next engine will find. To be called when no engine is alive.
  static func take(of job: String, state folder: String, copyTo copies: String) throws -> RunSnapshot? {
    let files = FileManager.default
    if files.fileExists(atPath: copies) { try files.removeItem(atPath: copies) }
    try files.createDirectory(atPath: copies, withIntermediateDirectories: true)
    guard files.fileExists(atPath: "\(folder)/carillon.db") else { return nil }
    for name in ["carillon.db", "carillon.db-wal"] where files.fileExists(atPath: "\(folder)/\(name)") {
      try files.copyItem(atPath: "\(folder)/\(name)", toPath: "\(copies)/\(name)")
    }
    let database = try Database("\(copies)/carillon.db", isCopy: true)
    guard try !database.rows("SELECT 1 FROM sqlite_master WHERE name = 'run'").isEmpty else { return nil }
    let runs = try database.rows(
      """
      SELECT number, id, state, available, retrying, succeeded, skipped, dead, poisoned, cancelled
      FROM run WHERE job = '\(job)' ORDER BY number DESC
      """)
    guard let run = runs.first else { return nil }
    guard runs.count == 1 else { throw CampaignError("job \(job) has \(runs.count) runs; one was begun") }
    let items = try database.rows(
      "SELECT key, state, attempts, deaths, started_us, duration_us, pid FROM item WHERE run = \(run[0])")
    let tries = try database.rows(
      "SELECT cause, count(*) FROM attempt JOIN item ON item.id = attempt.item WHERE run = \(run[0]) GROUP BY cause")
    return RunSnapshot(
      id: run[1], state: Int(run[2])!, counts: run[3...].map { Int($0)! },
      items: items.map {
        Item(
          key: $0[0], state: Int($0[1])!, attempts: Int($0[2])!, deaths: Int($0[3])!, startedAt: $0[4], duration: $0[5],
          pid: Int($0[6])!)
      },
      tries: Dictionary(uniqueKeysWithValues: tries.map { (Int($0[0])!, Int($0[1])!) }),
      integrity: try database.rows("PRAGMA integrity_check").map { $0[0] }.joined(separator: "; "))
  }
}
