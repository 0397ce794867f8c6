import Cron
import JobModel

/// Compiles schedules: those that say the same once, and each zone is read once.
struct ScheduleCompiler {
  private struct Key: Hashable {
    var spec: ScheduleSpec
    /// The job's name where `H` may ask for it.
    var hashKey: String
  }

  private let zones = ZoneCache()
  private var compiled: [Key: Schedule] = [:]

  mutating func compile(_ spec: ScheduleSpec, job: String) throws(CronError) -> Schedule {
    var key = Key(spec: spec, hashKey: "")
    key.spec.name = ""
    key.spec.jitter = .zero
    key.spec.spread = .zero
    if spec.usesHash { key.hashKey = job }
    if let known = compiled[key] { return known }
    let new = try spec.compiled(job: job, zones: zones.zone)
    compiled[key] = new
    return new
  }
}

extension ScheduleSpec {
  /// A letter that may be `H` stands in one of its expressions. A name like `THU` says so too, which costs memory only.
  fileprivate var usesHash: Bool {
    var texts = expressions
    for case .expression(let text) in exclusions { texts.append(text) }
    return texts.contains { $0.contains("H") || $0.contains("h") }
  }
}
