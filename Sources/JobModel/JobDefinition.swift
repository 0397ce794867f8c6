/// A job: a plugin, its configuration, and the policies of its runs. What one document in `jobs/*.yaml` says, and what is
/// stored with each run so that the run can be understood and resumed after the file has changed.
package struct JobDefinition: Hashable, Sendable {
  /// The file's `name`: `[a-z0-9][a-z0-9-]*`, unique in an installation.
  package var name: String
  /// For people; empty when the file says none.
  package var summary: String = ""
  /// The plugin's id, or an absolute path to its library.
  package var plugin: String
  /// The plugin's own configuration, an object. Default empty.
  package var config: JSONValue = .object([:])
  /// Runs and items of a higher priority go first. Default 0.
  package var priority: Int = 0
  /// Worker processes. nil: as the plugin's manifest says, or one for each core.
  package var workers: Int?
  /// Items under way at once over all workers. nil: workers × the manifest's max_in_flight.
  package var concurrency: Int?
  /// Items begun a second, as a token bucket. nil: no limit.
  package var rateLimit: RateLimit?
  package var retry = RetryPolicy()
  package var timeouts = Timeouts()
  package var failureBudget = FailureBudget.unlimited
  /// Dedupe across runs. nil: keys are unique within a run only.
  package var unique: UniquePolicy?
  package var breaker = BreakerPolicy()
  package var limits = WorkerLimits()
  /// When it runs by itself. Empty: by hand and on events only.
  package var schedules: [ScheduleSpec] = []
  package var catchUp = CatchUpPolicy()
  package var overlap = OverlapPolicy.skip
  /// What is made up for when a pause ends. Default none.
  package var afterPause = Backlog.none

  package init(name: String, plugin: String) {
    self.name = name
    self.plugin = plugin
  }
}

/// A token bucket: `count` items each `interval`, at most `count` at once.
package struct RateLimit: Hashable, Sendable, Codable {
  /// At least 1.
  package var count: Int
  package var interval: Duration

  package init(count: Int, interval: Duration) {
    self.count = count
    self.interval = interval
  }
}

/// How long things may take.
package struct Timeouts: Hashable, Sendable, Codable {
  /// One attempt of an item. nil: the manifest's item_timeout_s. `.zero`: no limit.
  package var item: Duration?
  /// The whole run; then it is cancelled. nil: no limit.
  package var run: Duration?
  /// From the word "cancel" to SIGKILL. Default 10 s.
  package var cancelGrace: Duration = .seconds(10)
  /// Loading a plugin and making its instance. Default 30 s.
  package var load: Duration = .seconds(30)

  package init() {}
}

/// Keys are done once in a while: an item whose key another run of the job did, or is about to do, within the period is
/// recorded as `skipped`.
package struct UniquePolicy: Hashable, Sendable, Codable {
  /// How long a key stays claimed after it was named. A dead letter gives its claim back.
  package var period: Duration

  package init(period: Duration) { self.period = period }
}

/// When a circuit breaker opens and how it closes again.
package struct BreakerPolicy: Hashable, Sendable, Codable {
  /// Consecutive failures that open it. Default 5.
  package var failures: Int = 5
  /// How long it stays open before one trial goes through. Doubles with each failed trial, up to 32 times. Default 10 s.
  package var cooldown: Duration = .seconds(10)

  package init() {}
}

/// What a worker process may use before it is refused or replaced.
package struct WorkerLimits: Hashable, Sendable, Codable {
  /// Address space, RLIMIT_AS, in MiB. 0: none. Default 0: growth is watched by `recycleMiB`.
  package var addressSpaceMiB: Int = 0
  /// RLIMIT_NOFILE. Default 1,024.
  package var descriptors: Int = 1_024
  /// A worker is replaced between batches once its resident memory exceeds this many MiB. Default 2,048. 0: never.
  package var recycleMiB: Int = 2_048
  /// … after this many items. 0, the default: never.
  package var recycleItems: Int = 0
  /// … after this long. nil, the default: never.
  package var recycleAfter: Duration?
  /// Programs that the worker starts may gain privileges by set-user-id files, as sudo(8) does. Default false.
  package var allowsNewPrivileges = false

  package init() {}
}
