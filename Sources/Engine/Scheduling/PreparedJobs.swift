import Cron
package import JobModel
import Store

/// Jobs on their way into force: their schedules compiled, and of many jobs only a text kept. `JobPreparation` makes them, where
/// nothing waits for it; the scheduler takes them over.
package struct PreparedJobs: Sendable {
  struct Job: Sendable {
    var name: String
    var policies: SharedPolicies
    var definition: Definition
    /// Of `schedules`.
    var schedules: Range<Int>
  }

  enum Definition: Sendable {
    case open(OpenJob)
    /// Its place in `texts`.
    case packed(PackedTexts.Place)
  }

  struct Entry: Sendable {
    var name: String
    /// Its place in `specs`.
    var spec: PackedTexts.Place
    var schedule: Schedule
  }

  /// By name, each name once.
  fileprivate(set) var jobs: [Job] = []
  /// Those of a job beside each other, by name.
  fileprivate(set) var schedules: [Entry] = []
  /// Definitions as JSON.
  fileprivate(set) var texts = PackedTexts()
  /// Specs as the store keeps them.
  fileprivate(set) var specs = PackedTexts()

  /// None.
  package init() {}

  package var count: Int { jobs.count }

  /// As the store takes them, in the order of `entries`.
  var newSchedules: [NewSchedule] {
    entries { NewSchedule(job: $0.name, name: $1.name, spec: specs[$1.spec]) }
  }

  /// What `body` makes of every schedule with its job, by their names.
  func entries<Value>(_ body: (Job, Entry) -> Value?) -> [Value] {
    var all: [Value] = []
    all.reserveCapacity(schedules.count)
    for job in jobs {
      for index in job.schedules {
        if let value = body(job, schedules[index]) { all.append(value) }
      }
    }
    return all
  }
}

/// Makes jobs ready to be put in force, one after another.
package struct JobPreparation {
  /// Jobs that may all be kept open; one takes two KiB.
  static let maxOpen = 5_000

  private var prepared = PreparedJobs()
  private var compiler = ScheduleCompiler()
  private var shared: [SchedulingPolicies: SharedPolicies] = [:]
  private var isPacking = false

  package init() {}

  /// Throws `config` for a schedule that cannot be compiled, which a job file's cannot be.
  package mutating func add(_ job: JobDefinition) throws(EngineError) {
    let first = prepared.schedules.count
    for spec in job.schedules.count == 1 ? job.schedules : job.schedules.sorted(by: { $0.name < $1.name }) {
      let schedule: Schedule
      let text: [UInt8]
      do throws(CronError) { schedule = try compiler.compile(spec, job: job.name) } catch {
        throw EngineError(.config, "schedule \(spec.name) of \(job.name): \(error)", cause: error)
      }
      do throws(StoreError) { text = try NewSchedule.text(of: spec) } catch { throw EngineError(error) }
      prepared.schedules.append(
        PreparedJobs.Entry(name: spec.name, spec: try prepared.specs.add(text), schedule: schedule))
    }
    if prepared.jobs.count == Self.maxOpen { try packAll() }
    let open = OpenJob(job)
    prepared.jobs.append(
      PreparedJobs.Job(
        name: job.name, policies: policies(of: job),
        definition: isPacking ? .packed(try prepared.texts.add(try open.json().utf8)) : .open(open),
        schedules: first..<prepared.schedules.count))
  }

  /// With each name once, the last that was added. Empty afterwards.
  package mutating func finish(leavingOut names: Set<String> = []) -> PreparedJobs {
    var result = prepared
    self = JobPreparation()
    let jobs = result.jobs
    let order = jobs.indices.sorted { (jobs[$0].name, $0) < (jobs[$1].name, $1) }
    var kept: [PreparedJobs.Job] = []
    kept.reserveCapacity(order.count)
    for (place, index) in order.enumerated() {
      if place + 1 < order.count, jobs[order[place + 1]].name == jobs[index].name { continue }
      if !names.contains(jobs[index].name) { kept.append(jobs[index]) }
    }
    result.jobs = kept
    return result
  }

  /// All of them.
  package static func prepared(_ jobs: [JobDefinition]) throws(EngineError) -> PreparedJobs {
    var preparation = JobPreparation()
    for job in jobs { try preparation.add(job) }
    return preparation.finish()
  }

  private mutating func packAll() throws(EngineError) {
    isPacking = true
    for index in prepared.jobs.indices {
      guard case .open(let open) = prepared.jobs[index].definition else { continue }
      prepared.jobs[index].definition = .packed(try prepared.texts.add(try open.json().utf8))
    }
  }

  private mutating func policies(of job: JobDefinition) -> SharedPolicies {
    let policies = SchedulingPolicies(job)
    if let known = shared[policies] { return known }
    let new = SharedPolicies(policies)
    shared[policies] = new
    return new
  }
}
