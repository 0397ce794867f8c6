package import Engine
package import JobModel
import Store

/// What `/metrics` answers. Names begin with `carillon_`; a job or plugin that came after many others is counted under `other`.
package struct MetricsPage: Sendable {
  private let engine: Engine
  private let scheduler: Scheduler
  private let dispatcher: RunDispatcher
  private let phase: DaemonPhase
  private let version: String
  private let startedAt: Timestamp

  package init(
    engine: Engine, scheduler: Scheduler, dispatcher: RunDispatcher, phase: DaemonPhase, version: String, startedAt: Timestamp
  ) {
    self.engine = engine
    self.scheduler = scheduler
    self.dispatcher = dispatcher
    self.phase = phase
    self.version = version
    self.startedAt = startedAt
  }

  func text() async -> String {
    var page = PrometheusText()
    page.family("carillon_build_info", "gauge", "The version that runs; always 1.")
    page.sample("carillon_build_info", [("version", version)], 1)
    page.single(
      "process_start_time_seconds", "gauge", "When the daemon started, in seconds since 1970.",
      Double(startedAt.microseconds) / 1_000_000)
    page.single("carillon_ready", "gauge", "1 while the daemon takes work.", phase.refusal == nil ? 1 : 0)
    await addRuns(to: &page)
    addWork(to: &page, engine.meters.snapshot)
    await addSchedules(to: &page)
    addStore(to: &page, engine.store.statistics())
    return page.text
  }

  private func addRuns(to page: inout PrometheusText) async {
    let active = await dispatcher.active()
    let waiting = await dispatcher.waitingCount
    var available = 0
    var inFlight = 0
    var workers = 0
    for run in active {
      let progress = run.run.progress
      available += max(0, progress.counts.available - progress.inFlight)
      inFlight += progress.inFlight
      workers += progress.workers
    }
    page.single("carillon_runs_active", "gauge", "Runs under way.", Double(active.count))
    page.single("carillon_runs_queued", "gauge", "Runs that wait for their turn.", Double(waiting))
    page.single("carillon_items_queued", "gauge", "Items of active runs that wait for a worker.", Double(available))
    page.single("carillon_items_in_flight", "gauge", "Items with workers.", Double(inFlight))
    page.single("carillon_workers", "gauge", "Worker processes of active runs.", Double(workers))
  }

  private func addWork(to page: inout PrometheusText, _ meters: Meters.Snapshot) {
    let jobs = meters.jobs.sorted { $0.key < $1.key }
    page.family("carillon_items_total", "counter", "Items that ended, by how they did.")
    for (name, job) in jobs {
      for (state, count) in job.items.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        page.sample("carillon_items_total", [("job", name), ("outcome", state.name)], count)
      }
    }
    page.family("carillon_attempts_failed_total", "counter", "Tries of items that failed, by cause.")
    for (name, job) in jobs {
      for (cause, count) in job.attempts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        page.sample("carillon_attempts_failed_total", [("job", name), ("cause", cause.name)], count)
      }
    }
    page.family("carillon_item_duration_seconds", "histogram", "How long the try took that ended an item.")
    for (name, job) in jobs where job.itemSeconds.count > 0 {
      page.histogram("carillon_item_duration_seconds", [("job", name)], job.itemSeconds)
    }
    page.family("carillon_runs_total", "counter", "Runs that ended, by state.")
    for (name, job) in jobs {
      for (state, count) in job.runs.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        page.sample("carillon_runs_total", [("job", name), ("state", state.name)], count)
      }
    }
    page.family("carillon_run_duration_seconds", "histogram", "From a run's first begin to its end.")
    for (name, job) in jobs where job.runSeconds.count > 0 {
      page.histogram("carillon_run_duration_seconds", [("job", name)], job.runSeconds)
    }
    page.family("carillon_worker_starts_total", "counter", "Worker processes that were started for runs.")
    for (plugin, count) in meters.workerStarts.sorted(by: { $0.key < $1.key }) {
      page.sample("carillon_worker_starts_total", [("plugin", plugin)], count)
    }
    page.family("carillon_worker_deaths_total", "counter", "Worker processes that ended and were not meant to.")
    for (plugin, count) in meters.workerDeaths.sorted(by: { $0.key < $1.key }) {
      page.sample("carillon_worker_deaths_total", [("plugin", plugin)], count)
    }
  }

  private func addSchedules(to page: inout PrometheusText) async {
    page.single("carillon_schedules", "gauge", "Schedules in force.", Double(await scheduler.scheduleCount))
    page.family("carillon_instants_total", "counter", "Due instants that were judged, by their fate.")
    let fates = scheduler.heartbeat.fates
    for fate in InstantFate.allCases { page.sample("carillon_instants_total", [("fate", fate.name)], fates[fate] ?? 0) }
    page.lateness(
      "carillon_schedule_lateness_seconds", "From an instant to the moment at which it was taken up.",
      scheduler.heartbeat.lateness)
    page.lateness(
      "carillon_schedule_durable_lateness_seconds", "From an instant to the moment at which its row and its run were durable.",
      scheduler.heartbeat.durableLateness)
  }

  private func addStore(to page: inout PrometheusText, _ store: StoreStatistics) {
    page.single("carillon_store_bytes", "gauge", "Size of the store's file.", Double(store.fileBytes))
    page.single("carillon_store_wal_bytes", "gauge", "Size of its write-ahead log.", Double(store.walBytes))
    page.single("carillon_store_rows_written_total", "counter", "Rows written.", Double(store.rows))
    page.single("carillon_store_checkpoints_total", "counter", "Checkpoints of the log.", Double(store.checkpoints))
    page.family("carillon_store_commit_seconds", "histogram", "How long commits took until they were durable.")
    // The meter counts by powers of two of microseconds; the sum is estimated from the middles of its buckets.
    let used = store.commitMicroseconds.prefix(26)
    let above = store.commitMicroseconds.dropFirst(26).reduce(0, +)
    let sum = store.commitMicroseconds.enumerated().reduce(0.0) { sum, bucket in
      sum + Double(bucket.element) * 0.75 * Double(1 << bucket.offset) / 1_000_000
    }
    page.histogram(
      "carillon_store_commit_seconds", bounds: used.indices.map { Double(1 << $0) / 1_000_000 }, counts: used + [above],
      sum: sum)
  }
}

extension PrometheusText {
  fileprivate mutating func histogram(_ name: String, _ labels: [(String, String)], _ histogram: Histogram) {
    self.histogram(name, labels, bounds: histogram.bounds, counts: histogram.counts, sum: histogram.sum)
  }
}

extension PrometheusText {
  fileprivate mutating func lateness(_ name: String, _ help: String, _ histogram: Heartbeat.Histogram) {
    family(name, "histogram", help)
    self.histogram(
      name, bounds: Heartbeat.Histogram.bounds,
      counts: histogram.buckets + [histogram.count - histogram.buckets.reduce(0, +)], sum: histogram.sum)
  }
}
