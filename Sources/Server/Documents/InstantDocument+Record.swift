package import ControlAPI
package import Engine
import Foundation
import JobModel
package import Store

extension InstantDocument {
  package init(_ row: InstantRecord) {
    self.init(
      job: row.job, schedule: row.scheduleName, dueAt: row.first.dueAt.iso8601, slot: row.first.slot,
      lastDueAt: row.last == row.first ? nil : row.last.dueAt.iso8601, count: row.count, fate: row.fate.name,
      judgedAt: row.judgedAt.iso8601, note: row.note, run: row.run?.text, cursor: row.cursor.text)
  }
}

extension InstantCursor {
  /// The text that stands for it: due instant in microseconds, slot, schedule's number, and `s` for a stretch:
  /// `1764000000000000_0_3`. nil: the text is none.
  package init?(text: String) {
    var parts = text.split(separator: "_", omittingEmptySubsequences: false)
    let isStretch = parts.last == "s"
    if isStretch { parts.removeLast() }
    let numbers = parts.map { Int64($0) }
    guard numbers.count == 3, let due = numbers[0], let slot = numbers[1], let number = numbers[2], slot >= 0,
      slot <= Int32.max
    else { return nil }
    self.init(
      key: InstantKey(Timestamp(microseconds: due), slot: Int(slot)), schedule: ScheduleNumber(raw: number),
      isStretch: isStretch)
  }

  package var text: String { "\(key.dueAt.microseconds)_\(key.slot)_\(schedule.raw)\(isStretch ? "_s" : "")" }
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
