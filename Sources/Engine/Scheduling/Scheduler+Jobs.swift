import Cron
import JobModel
import Store

/// Which jobs and schedules are in force.
extension Scheduler {
  /// Makes these the jobs in force, all of them or, when it throws, none. What came due so far is judged first, under the old ones.
  package func replace(_ jobs: PreparedJobs) async throws(EngineError) -> JobChanges {
    await enter()
    defer { leave() }
    if mustReread { try await reread() }
    let now = time.now()
    try await sweep(upTo: now)
    let new = JobShelf(jobs)
    let changes = try shelf.changes(to: new)
    try await install(jobs, new, at: now)
    timer.wake()
    return changes
  }

  /// Puts jobs in force whose instants up to `now` have been judged.
  private func install(_ jobs: PreparedJobs, _ new: JobShelf, at now: Timestamp) async throws(EngineError) {
    let standings: [ScheduleStanding]
    do throws(StoreError) { standings = try await store.setSchedules(jobs.newSchedules, at: now) } catch {
      throw EngineError(error)
    }
    shelf = new
    preparedFor = nil
    let boot = bootRecord?.firstStart
    var next = standings.makeIterator()
    agenda = Agenda(
      jobs.entries { job, entry in
        guard let standing = next.next(), let scheduled = shelf[job.name] else { return nil }
        return AgendaEntry(standing, scheduled, entry.name, entry.schedule, boot)
      })
  }

  /// Puts the first jobs in force, and judges what came due up to `now` as the daemon before this one would have.
  func installFirst(_ jobs: PreparedJobs, at now: Timestamp) async throws(EngineError) {
    let standing: ScheduleComparison
    do throws(StoreError) { standing = try await store.compare(jobs.newSchedules) } catch { throw EngineError(error) }
    shelf = JobShelf(jobs)
    agenda = Agenda(entries(of: jobs, standing))
    try await sweep(upTo: now)
    guard !standing.isSame else { return }
    try await install(jobs, shelf, at: now)
    try await sweep(upTo: now)  // `@reboot` of schedules that are new
  }

  /// What a daemon before this one had in force.
  private func entries(of jobs: PreparedJobs, _ standing: ScheduleComparison) -> [AgendaEntry] {
    let boot = bootRecord?.firstStart
    var same = standing.same.makeIterator()
    var entries = jobs.entries { job, entry -> AgendaEntry? in
      guard case let known?? = same.next(), let job = shelf[job.name] else { return nil }
      return AgendaEntry(known, job, entry.name, entry.schedule, boot)
    }
    guard !standing.others.isEmpty else { return entries }
    var gone: [String: ScheduledJob] = [:]
    let compiler = ScheduleCompiler()
    for record in standing.others {
      do throws(CronError) {
        let schedule = try compiler.compile(record.spec, job: record.job)
        let job = shelf[record.job] ?? gone[record.job] ?? ScheduledJob(gone: record.job)
        if shelf[record.job] == nil { gone[record.job] = job }
        entries.append(AgendaEntry(record.standing, job, record.spec.name, schedule, boot))
      } catch {
        // Its zone, perhaps, is gone from the machine: which instants went by cannot be told, but that is said.
        lostSchedules.append("schedule \(record.spec.name) of \(record.job): what went by is not judged: \(error)")
      }
    }
    return entries.sorted { ($0.job.name, $0.name) < ($1.job.name, $1.name) }
  }
}

extension AgendaEntry {
  /// - Parameter boot: when a daemon first saw this boot.
  fileprivate init(
    _ standing: ScheduleStanding, _ job: ScheduledJob, _ name: String, _ schedule: Schedule, _ boot: Timestamp?
  ) {
    self.init(
      number: standing.number, job: job, name: name, schedule: schedule, since: standing.since, mark: standing.judgedUpTo,
      bootDueAt: schedule.includesReboot ? boot : nil)
  }
}
