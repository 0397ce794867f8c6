import JobModel
import Store

/// One look at everything that has come due up to an instant, judged batch by batch.
struct Sweep {
  /// An instant that is not later than this is on time: a start of the daemon, a slow disk or a machine under load take a second
  /// or two, and nobody who writes `catch_up: none` means these. Minutes apart is the least that cron tells, so nothing that a
  /// person would call missed is hidden.
  static let punctuality = Duration.seconds(5)
  /// Runs of a job that may wait. A queue that grows longer is never worked off.
  static let queueLimit = 10_000

  let now: Timestamp
  /// By job: the one instant that `latest` makes up for; `.some(nil)`: none.
  private var targets: [String: (key: InstantKey, entry: Int)?] = [:]
  /// By job: catch-up runs made so far.
  private var caughtUp: [String: Int] = [:]
  /// By job: instants of its pause so far.
  private var paused: [String: Int] = [:]

  init(now: Timestamp) { self.now = now }

  /// What is to become of an instant.
  enum Verdict {
    case without(InstantFate, note: String?)
    /// It begins now if the overlap policy lets it.
    case onTime(SchedulingPolicies)
    case catchUp(SchedulingPolicies)
  }

  /// - Parameter pausedSince: of the instant's job; nil: it is not paused.
  mutating func judge(_ due: DueInstant, in agenda: Agenda, pausedSince: Timestamp?) -> Verdict {
    switch due.kind {
    case .folded: return .without(.folded, note: nil)
    case .inGap: return .without(.inGap, note: nil)
    case .due, .boot: break
    }
    let job = agenda.entries[Int(due.entry)].job
    guard let policies = job.policies else { return .without(.missed, note: "the job is gone") }
    if let pausedSince, due.dueAt >= pausedSince { return .without(.paused, note: nil) }
    if now - due.dueAt <= Self.punctuality { return .onTime(policies) }
    if now - due.dueAt > policies.catchUp.within { return .without(.outsideWindow, note: nil) }
    switch policies.catchUp.backlog {
    case .none: return .without(.missed, note: nil)
    case .all: return .catchUp(policies)
    case .latest:
      guard let target = target(of: job, in: agenda, pausedSince), target == (due.key, Int(due.entry)) else {
        return .without(.missed, note: nil)
      }
      return .catchUp(policies)
    }
  }

  /// The last late instant over all of the job's schedules.
  private mutating func target(
    of job: ScheduledJob, in agenda: Agenda, _ pausedSince: Timestamp?
  ) -> (key: InstantKey, entry: Int)? {
    if let known = targets[job.name] { return known }
    let late = now - Self.punctuality
    let limit = pausedSince.map { min($0, late) } ?? late
    var found: (key: InstantKey, entry: Int)?
    for entry in job.entries.lazy.map(Int.init) {
      guard let key = agenda.last(of: entry, before: limit) else { continue }
      if found.map({ ($0.key, $0.entry) < (key, entry) }) ?? true { found = (key, entry) }
    }
    targets[job.name] = .some(found)
    return found
  }

  /// A paused instant that the pause's end may make up for. It has a row of its own: inside a stretch it could not be told any more
  /// once the schedule was changed. No more than may wait are ever made up for.
  mutating func isMadeUpForLater(_ job: ScheduledJob) -> Bool {
    guard job.policies?.afterPause == .all else { return false }
    paused[job.name, default: 0] += 1
    return paused[job.name, default: 0] <= Self.queueLimit
  }

  /// When the job's next catch-up run may begin; nil: at once.
  mutating func pace(_ policies: SchedulingPolicies, of job: String) -> Timestamp? {
    let earlier = caughtUp[job, default: 0]
    caughtUp[job] = earlier + 1
    guard earlier > 0, policies.catchUp.pace > .zero else { return nil }
    return now + policies.catchUp.pace * earlier
  }
}

extension Timestamp {
  fileprivate static func - (left: Timestamp, right: Duration) -> Timestamp {
    Timestamp(microseconds: left.microseconds - right.wholeMicroseconds)
  }
}
