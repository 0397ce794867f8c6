import ArgumentParser
import Foundation

/// Holds what a killed daemon left against what its plugin did: instants, runs and items.
///
///     DaemonJudge+Instants   the instant ledger by itself
///     DaemonJudge+Runs       runs and the rows that they stand for
///     DaemonJudge+Work       items, and the plugin's own ledger, which knows nothing of the store
struct DaemonJudge {
  let campaign: Campaign
  /// Items that the store has called done so far, by `RUN/key`, as it had them.
  var acknowledged: [String: [String]] = [:]
  var linesSeen = 0
  /// The runs that worked for an instant, as the plugin says.
  var worked: [Ledger.Instant: Set<String>] = [:]
  /// By schedule: the last instant that it was judged for, in microseconds since 1970.
  var marks: [String: Int] = [:]
  var runs = 0
  var instants = 0
  /// Items that were done, or are to be done, and are not so in the store.
  var lost = 0
  /// Instants that fired twice or have several rows; items recorded twice, or done again after they had been recorded.
  var duplicated = 0
  /// Instants without a row, rows without their run, runs without an instant, and work that belongs to no run.
  var unaccounted = 0
  private(set) var problems: [String] = []

  /// What the judge has to know of a campaign.
  struct Campaign {
    /// Jobs, each with a schedule that is due every second.
    var schedules: Int
    /// Items of each run.
    var items: Int
    /// The file that the plugin writes.
    var ledger: String
    /// The state directory.
    var state: String
    /// A folder for a copy of the store.
    var copies: String
  }

  init(_ campaign: Campaign) { self.campaign = campaign }

  mutating func blame(_ problem: String) { problems.append(problem) }

  /// For people, of the last look.
  var words: String { "\(instants) instants, \(runs) runs, \(acknowledged.count) items done" }

  /// No daemon is alive. Reads a copy, so that the next one finds what the dead one left.
  mutating func look() throws {
    guard let database = try copy() else { return }
    let integrity = try database.rows("PRAGMA integrity_check")
    if integrity != [["ok"]] { blame("the file is damaged: \(integrity.prefix(3))") }
    let ledger = try Ledger(campaign.ledger)
    try checkWork(database, ledger)
    try checkWitness(database, ledger)
    linesSeen = ledger.lines.count
    try checkInstants(database)
    try checkRuns(database)
  }

  /// Everything has come to its end, and no schedule is in force any more.
  mutating func close() throws {
    try look()
    guard let database = try copy() else { throw CampaignError("there is no store") }
    try checkEnds(database)
    try checkMarksAtTheEnd(database)
  }

  func finish(kills: Int) throws {
    for problem in problems.prefix(50) { print("WRONG \(problem)") }
    if problems.count > 50 { print("WRONG … and \(problems.count - 50) more") }
    print(
      "{\"faults\":\"daemon\",\"kills\":\(kills),\"lost\":\(lost),\"duplicated\":\(duplicated),\"unaccounted\":\(unaccounted)}")
    if lost + duplicated + unaccounted + problems.count > 0 { throw ExitCode.failure }
  }

  private func copy() throws -> Database? {
    let files = FileManager.default
    if files.fileExists(atPath: campaign.copies) { try files.removeItem(atPath: campaign.copies) }
    try files.createDirectory(atPath: campaign.copies, withIntermediateDirectories: true)
    guard files.fileExists(atPath: "\(campaign.state)/carillon.db") else { return nil }
    for name in ["carillon.db", "carillon.db-wal"] where files.fileExists(atPath: "\(campaign.state)/\(name)") {
      try files.copyItem(atPath: "\(campaign.state)/\(name)", toPath: "\(campaign.copies)/\(name)")
    }
    let database = try Database("\(campaign.copies)/carillon.db", isCopy: true)
    return try database.rows("SELECT 1 FROM sqlite_master WHERE name = 'instant'").isEmpty ? nil : database
  }
}
