import Server
import ControlAPI
import Cron
import JobModel

/// A job's schedules, ready to be asked when they are due.
struct JobPlan {
  /// A schedule and its name.
  struct Entry {
    var spec: ScheduleSpec
    var schedule: Schedule
  }

  let job: String
  let entries: [Entry]

  init(_ job: JobDefinition) throws(ControlError) {
    self.job = job.name
    var entries: [Entry] = []
    for spec in job.schedules {
      do throws(CronError) {
        entries.append(Entry(spec: spec, schedule: try spec.compiled(job: job.name)))
      } catch {
        throw ControlError(.invalid, "schedule \"\(spec.name)\" of job \(job.name): \(error)")
      }
    }
    self.entries = entries
  }

  /// One expression, of no job.
  init(expression: String, _ schedule: Schedule) {
    job = ""
    entries = [
      Entry(spec: ScheduleSpec(name: expression, expressions: [expression], zone: schedule.zone.identifier), schedule: schedule)
    ]
  }

  /// What comes after a second, over all schedules, soonest first: at least `count` that are due where there are so many, and what
  /// the policy for clock changes takes away between them.
  func next(after second: Int64, count: Int) -> [DueInstant] {
    var found: [DueInstant] = []
    for entry in entries where !entry.schedule.isReboot {
      var due = 0
      var place = entry.schedule.next(after: second, includingSuppressed: true)
      while let occurrence = place, due < count {
        found.append(DueInstant(job: job, schedule: entry.spec.name, occurrence: occurrence, zone: entry.schedule.zone))
        if occurrence.isDue { due += 1 }
        place = entry.schedule.next(after: occurrence, includingSuppressed: true)
      }
    }
    found.sort { $0.occurrence < $1.occurrence }
    var due = 0
    let end = found.firstIndex { instant in
      if instant.occurrence.isDue { due += 1 }
      return due > count
    }
    return Array(found[..<(end ?? found.endIndex)])
  }

  /// The next one of each schedule.
  func nextOfEach(after second: Int64) -> [DueInstant] {
    entries.filter { !$0.schedule.isReboot }.compactMap { entry in
      entry.schedule.next(after: second).map {
        DueInstant(job: job, schedule: entry.spec.name, occurrence: $0, zone: entry.schedule.zone)
      }
    }
  }

  /// The last that was due before a second.
  func previous(before second: Int64) -> DueInstant? {
    entries.compactMap { entry in
      entry.schedule.previous(before: second).map {
        DueInstant(job: job, schedule: entry.spec.name, occurrence: $0, zone: entry.schedule.zone)
      }
    }.max { $0.occurrence < $1.occurrence }
  }

  /// Every occurrence in a stretch, `to` excluded, those too that are not due.
  func occurrences(from: Int64, to: Int64) -> [DueInstant] {
    entries.flatMap { entry in
      entry.schedule.occurrences(from: from, to: to, includingSuppressed: true).map {
        DueInstant(job: job, schedule: entry.spec.name, occurrence: $0, zone: entry.schedule.zone)
      }
    }.sorted { $0.occurrence < $1.occurrence }
  }

  func documents(after now: Timestamp) -> [ScheduleDocument] {
    entries.map { entry in
      ScheduleDocument(
        name: entry.spec.name, expressions: entry.spec.expressions, zone: entry.spec.zone, dst: entry.spec.dst.rawValue,
        summary: entry.schedule.expressions.map(\.summary).joined(separator: "; and "),
        nextDueAt: entry.schedule.next(after: now.wholeSeconds).map { Timestamp(seconds: $0.second).iso8601 })
    }
  }
}
