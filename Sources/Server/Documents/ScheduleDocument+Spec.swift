package import ControlAPI
import Cron
package import JobModel

extension ScheduleDocument {
  package init(_ spec: ScheduleSpec, nextDueAt: String?) {
    self.init(
      name: spec.name, expressions: spec.expressions, zone: spec.zone, dst: spec.dst.rawValue, summary: Self.summary(of: spec),
      nextDueAt: nextDueAt)
  }

  /// Each expression in English.
  private static func summary(of spec: ScheduleSpec) -> String {
    spec.expressions.map { text in
      do throws(CronError) {
        return try CronExpression(text, format: spec.format).summary
      } catch {
        return text  // a job in force has none that cannot be read
      }
    }.joined(separator: "; ")
  }
}
