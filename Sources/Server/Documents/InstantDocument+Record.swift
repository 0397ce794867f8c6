package import ControlAPI
package import Engine
import Foundation
package import JobModel
package import Store

extension InstantDocument {
  package init(_ row: InstantRecord) {
    self.init(
      job: row.job, schedule: row.scheduleName, dueAt: row.first.dueAt.iso8601, slot: row.first.slot,
      lastDueAt: row.last == row.first ? nil : row.last.dueAt.iso8601, count: row.count, fate: row.fate.name,
      judgedAt: row.judgedAt.iso8601, note: row.note, run: row.run?.text, cursor: InstantCursor(row).text)
  }
}

/// Names a row of the instant ledger in a listing: due instant in microseconds, slot and schedule's number, `1764000000000000_0_3`.
package struct InstantCursor: Sendable {
  package var key: InstantKey
  package var schedule: ScheduleNumber

  package init(_ row: InstantRecord) {
    key = row.first
    schedule = row.schedule
  }

  /// nil: the text is none.
  package init?(_ text: String) {
    let parts = text.split(separator: "_", omittingEmptySubsequences: false).map { Int64($0) }
    guard parts.count == 3, let due = parts[0], let slot = parts[1], let number = parts[2], slot >= 0, slot <= Int32.max else {
      return nil
    }
    key = InstantKey(Timestamp(microseconds: due), slot: Int(slot))
    schedule = ScheduleNumber(raw: number)
  }

  package var text: String { "\(key.dueAt.microseconds)_\(key.slot)_\(schedule.raw)" }
}

extension UpcomingDocument {
  package init(_ upcoming: Upcoming) {
    self.init(
      job: upcoming.job, schedule: upcoming.schedule, dueAt: upcoming.key.dueAt.iso8601,
      localTime: Self.local(upcoming.key.dueAt, offset: upcoming.offset))
  }

  /// `2026-11-23T09:00:00+01:00`.
  private static func local(_ instant: Timestamp, offset: Int) -> String {
    let shifted = Timestamp(microseconds: instant.microseconds + Int64(offset) * 1_000_000).iso8601.prefix(19)
    func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let minutes = abs(offset) / 60
    return "\(shifted)\(offset < 0 ? "-" : "+")\(pad(minutes / 60)):\(pad(minutes % 60))"
  }
}

extension PauseDocument {
  package init(_ pause: PauseRecord, caughtUp: Int? = nil) {
    self.init(job: pause.job, since: pause.since.iso8601, note: pause.note, caughtUp: caughtUp)
  }
}
