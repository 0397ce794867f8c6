import Cron
package import JobModel
import Store

/// A schedule of a job that is to be in force.
struct WantedEntry {
  var job: String
  var spec: ScheduleSpec
  var schedule: Schedule
}

/// Jobs that are to be in force, and their schedules by job and name.
struct WantedJobs {
  var jobs: JobShelf
  var entries: [WantedEntry]
}

/// Which jobs and schedules are in force.
extension Scheduler {
  /// Makes these the jobs in force, all of them or, when it throws, none. What came due so far is judged first, under the old ones.
  /// Throws `config` for a schedule that cannot be compiled.
  package func replace(_ jobs: [JobDefinition]) async throws(EngineError) -> JobChanges {
    await enter()
    defer { leave() }
    var compiler = ScheduleCompiler()
    let wanted = try compile(jobs, &compiler)
    if mustReread { try await reread() }
    let now = time.now()
    try await sweep(upTo: now)
    let changes = try shelf.changes(to: wanted.jobs)
    try await install(wanted, at: now)
    timer.wake()
    return changes
  }

  func compile(_ jobs: [JobDefinition], _ compiler: inout ScheduleCompiler) throws(EngineError) -> WantedJobs {
    var wanted = WantedJobs(jobs: try JobShelf(jobs), entries: [])
    for job in jobs.sorted(by: { $0.name < $1.name }) {
      for spec in job.schedules.sorted(by: { $0.name < $1.name }) {
        do throws(CronError) {
          wanted.entries.append(WantedEntry(job: job.name, spec: spec, schedule: try compiler.compile(spec, job: job.name)))
        } catch {
          throw EngineError(.config, "schedule \(spec.name) of \(job.name): \(error)", cause: error)
        }
      }
    }
    return wanted
  }

  /// Puts jobs in force whose instants up to `now` have been judged.
  func install(_ wanted: WantedJobs, at now: Timestamp) async throws(EngineError) {
    let records: [ScheduleRecord]
    do throws(StoreError) {
      records = try await store.setSchedules(wanted.entries.map { NewSchedule(job: $0.job, spec: $0.spec) }, at: now)
    } catch {
      throw EngineError(error)
    }
    shelf = wanted.jobs
    preparedFor = nil
    var gone: [String: ScheduledJob] = [:]
    agenda = Agenda(zip(wanted.entries, records).map { entry($1, $0.schedule, &gone) })
  }

  /// The schedules as the store has them: what a daemon before this one had in force.
  func storedAgenda(_ compiler: inout ScheduleCompiler) async throws(StoreError) -> Agenda {
    var gone: [String: ScheduledJob] = [:]
    var entries: [AgendaEntry] = []
    for record in try await store.schedules(job: nil, includesRetired: false) {
      do throws(CronError) {
        entries.append(entry(record, try compiler.compile(record.spec, job: record.job), &gone))
      } catch {
        // Its zone, perhaps, is gone from the machine: which instants went by cannot be told, but that is said.
        lostSchedules.append("schedule \(record.spec.name) of \(record.job): what went by is not judged: \(error)")
      }
    }
    return Agenda(entries)
  }

  private func entry(
    _ record: ScheduleRecord, _ schedule: Schedule, _ gone: inout [String: ScheduledJob]
  ) -> AgendaEntry {
    let job: ScheduledJob
    if let known = shelf[record.job] ?? gone[record.job] {
      job = known
    } else {
      job = ScheduledJob(gone: record.job)
      gone[record.job] = job
    }
    return AgendaEntry(
      number: record.number, job: job, name: record.spec.name, schedule: schedule, since: record.since,
      mark: record.judgedUpTo, bootDueAt: schedule.includesReboot ? bootRecord?.firstStart : nil)
  }
}
