import ControlAPI
import Cron
import Foundation
import JobFiles
import JobModel

extension JobPlan {
  /// The schedules of a job in force: from its file where this user can read it, else from what the daemon says of them, which leaves
  /// out their bounds and exclusions.
  init(_ document: JobDocument) throws(ControlError) {
    if let job = Self.inFile(document) {
      self = try JobPlan(job)
      return
    }
    var job = JobDefinition(name: document.name, plugin: document.plugin)
    job.schedules = document.schedules.map { schedule in
      var spec = ScheduleSpec(name: schedule.name, expressions: schedule.expressions, zone: schedule.zone)
      spec.dst = DSTPolicy(rawValue: schedule.dst) ?? .debian
      let fields = schedule.expressions.first?.split(whereSeparator: \.isWhitespace).count ?? 5
      spec.format = CronFormat(rawValue: fields) ?? .minutes
      return spec
    }
    self = try JobPlan(job)
  }

  /// nil: this user cannot read the file, or it has been changed since and is not valid now.
  private static func inFile(_ document: JobDocument) -> JobDefinition? {
    guard let file = document.file, access(file, R_OK) == 0 else { return nil }
    return JobFolder.load(files: [file]).jobs.first { $0.definition.name == document.name }?.definition
  }
}
