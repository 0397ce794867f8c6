import Foundation
import JobModel
import Store
import StoreConformance

@testable import fault_campaign

/// What a sound daemon leaves behind, made by the real store: two jobs, due every second for fourteen seconds, with a downtime
/// among them.
final class Remains {
  static let jobs = 2
  static let items = 3

  private let folder: String
  let campaign: DaemonJudge.Campaign

  init() async throws {
    folder = FileManager.default.temporaryDirectory.path + "/carillon-judge-" + UUID().uuidString
    campaign = DaemonJudge.Campaign(
      schedules: Self.jobs, items: Self.items, ledger: "\(folder)/ledger", state: "\(folder)/state", copies: "\(folder)/copy")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let store = try SQLiteStore.open(directory: campaign.state, mode: .engine)
    let names = (1...Self.jobs).map { "second-\($0)" }
    let schedules = try await store.setSchedules(
      names.map { try NewSchedule(job: $0, spec: ScheduleSpec(name: "s", expressions: ["* * * * * *"], zone: "UTC")) },
      at: Fixture.at(0))
    for (index, schedule) in schedules.enumerated() { try await live(schedule, index + 1, store) }
    _ = try await store.setSchedules([], at: Fixture.at(13) + .milliseconds(300))
    try await store.close()
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: folder) } catch { print("left behind: \(folder)") }
  }

  /// Down from the third to the thirteenth second.
  private func live(_ schedule: ScheduleStanding, _ job: Int, _ store: SQLiteStore) async throws {
    func row(_ due: Int, _ fate: InstantFate, last: Int? = nil, at judged: Int? = nil) -> Judgement {
      var row = Judgement(
        schedule: schedule.number, first: InstantKey(Fixture.at(due)), last: last.map { InstantKey(Fixture.at($0)) },
        count: (last ?? due) - due + 1, fate: fate, judgedAt: Fixture.at(judged ?? due))
      if fate.hasRun {
        row.run = NewRun(
          id: RunID("run-\(job)-\(due)"), job: JobDefinition(name: "second-\(job)", plugin: "p"),
          trigger: fate == .fired ? .schedule : .catchUp, createdAt: row.judgedAt, dueAt: row.first.dueAt)
      }
      return row
    }
    let rows = [
      row(0, .fired), row(1, .fired), row(2, .skippedOverlap), row(3, .missed, last: 6, at: 13), row(7, .caughtUp, at: 13),
      row(8, .fired, at: 13), row(9, .skippedOverlap, last: 13, at: 13),
    ]
    let fixture = Fixture(store)
    for (row, receipt) in zip(rows, try await store.judge(rows)) {
      guard case .recorded(let number?) = receipt, let run = row.run else { continue }
      let keys = (1...Self.items).map { "item-\($0)" }
      try await fixture.insert(keys, into: number)
      try await fixture.bring(number, to: .running)
      for key in keys {
        try await fixture.record(number, key, .succeeded)
        try write("\(run.id.text)/\(key) 1 4242 \("second-\(job)") \(row.first.dueAt.microseconds)")
      }
      try await fixture.bring(number, to: .succeeded)
    }
  }

  /// A line behind those that the plugin wrote.
  func write(_ line: String) throws {
    if !FileManager.default.fileExists(atPath: campaign.ledger) { try Data().write(to: URL(fileURLWithPath: campaign.ledger)) }
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: campaign.ledger))
    try file.seekToEnd()
    try file.write(contentsOf: Data((line + "\n").utf8))
    try file.close()
  }

  func commit(_ crime: Crime) throws {
    let database = try Database("\(campaign.state)/carillon.db", isCopy: true)
    for sql in crime.sql { _ = try database.rows(sql) }
    for line in crime.lines { try write(line) }
  }

  /// Zeroes in the middle of the file.
  func damage() throws {
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: "\(campaign.state)/carillon.db"))
    try file.seek(toOffset: 3 * 4_096)
    try file.write(contentsOf: Data(count: 4_096))
    try file.close()
  }
}
