import Cron
import JobModel

/// Compiles schedules; each zone is read once.
struct ScheduleCompiler {
  private let zones = ZoneCache()

  func compile(_ spec: ScheduleSpec, job: String) throws(CronError) -> Schedule {
    try spec.compiled(job: job, zones: zones.zone)
  }
}
