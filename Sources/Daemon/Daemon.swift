internal import ControlAPI
internal import Engine
internal import JobModel
package import Logging
internal import Server
internal import ServiceLifecycle
internal import Store
internal import UnixSignals

/// A Carillon that stays: fires jobs when they are due, answers on its socket, and speaks with the service manager.
package struct Daemon: Sendable {
  private let configuration: DaemonConfiguration
  private let notifier: ServiceNotifier
  private let logger: Logger

  package init(_ configuration: DaemonConfiguration, notifier: ServiceNotifier, logger: Logger) {
    self.configuration = configuration
    self.notifier = notifier
    self.logger = logger
  }

  /// Runs until it is told to end. Throws `EngineError` when the state directory cannot be had, another daemon having it among
  /// the reasons, and `ControlError` when the job folder cannot be read or the socket not be made.
  package func run() async throws {
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
    let engine = try await Engine.open(configuration.paths)
    let result: Result<Void, any Error>
    do {
      try await run(engine, signals)
      result = .success(())
    } catch {
      result = .failure(error)
    }
    try await engine.close()
    logger.notice("ended")
    try result.get()
  }

  private func run(_ engine: Engine, _ signals: UnixSignalsSequence) async throws {
    let life = Life(notifier: notifier, logger: logger, drainLimit: configuration.drainLimit)
    let dispatcher = RunDispatcher(engine: engine, limit: configuration.runLimit)
    let scheduler = Scheduler(store: engine.store, dispatcher: dispatcher)
    let source = JobSource(folder: configuration.jobsFolder, engine: engine)
    notifier.extendStart(by: .seconds(120), "Reading the job files")
    let (reloads, reload) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1))
    // Before the files are read: one that changes meanwhile is read again.
    let watch =
      configuration.watchesJobs
      ? try FolderWatch(folder: configuration.jobsFolder) { reload.yield("a job file changed") } : nil
    let jobs = try await firstJobs(source, life)
    let (ends, end) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1))
    let (halt, haltSource) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    let startedAt = Timestamp.systemNow()
    let control = DaemonControl(
      engine: engine, scheduler: scheduler, dispatcher: dispatcher, jobs: source, phase: life.phase,
      facts: .init(version: configuration.version, startedAt: startedAt) { end.yield("asked to over the socket") })
    let probes = Probes(
      engine: engine, scheduler: scheduler, phase: life.phase,
      patience: min(.seconds(5), notifier.watchdog.map { $0 / 2 } ?? .seconds(5)))
    let server = try ControlServer(
      .init(socketPath: configuration.socketPath, version: configuration.version), control: control, probes: probes,
      metrics: MetricsPage(
        engine: engine, scheduler: scheduler, dispatcher: dispatcher, phase: life.phase, version: configuration.version,
        startedAt: startedAt), logger: logger)
    let status: @Sendable () async -> String = { await Self.status(scheduler, dispatcher, life.phase) }
    await log(endsOf: dispatcher)
    let (logger, notifier, version) = (logger, notifier, configuration.version)
    var services: [any Service] = [
      SignalService(
        signals: signals, ends: ends, life: life, dispatcher: dispatcher, reload: { reload.yield("SIGHUP") }, logger: logger),
      NotifierService(notifier: notifier, probes: probes, life: life, status: status, logger: logger),
      server,
      WorkService(
        scheduler: scheduler, dispatcher: dispatcher, jobs: jobs, drainLimit: configuration.drainLimit, halt: halt,
        began: {
          guard !life.isEnding else { return }
          life.phase.move(to: .ready)
          let words = await status()
          logger.notice("carillon \(version) is ready: \(words)")
          notifier.ready(words)
        }, logger: logger),
      ReloadService(
        requests: reloads, control: control, notifier: notifier, life: life, status: status, logger: logger),
      UpkeepService(
        engine: engine, control: control, source: source, life: life, ages: configuration.pruning,
        halt: { haltSource.yield() }, logger: logger),
    ]
    if let watch { services.append(watch) }
    try await drive(services, life)
  }

  /// Services end in the order opposite to this one: first what calls for work, then the work, then the server, then the rest.
  private func drive(_ services: [any Service], _ life: Life) async throws {
    var quiet = logger
    quiet.logLevel = .warning
    var group = ServiceGroupConfiguration(
      services: services.map {
        .init(service: $0, successTerminationBehavior: .ignore, failureTerminationBehavior: .gracefullyShutdownGroup)
      }, logger: quiet)
    group.maximumGracefulShutdownDuration = configuration.drainLimit + .seconds(10)
    let services = ServiceGroup(configuration: group)
    await life.attach(services)
    try await services.run()
  }

  private func firstJobs(_ source: JobSource, _ life: Life) async throws -> FirstJobs {
    let (jobs, refusal) = try await source.loadSound()
    await source.adopt(jobs)
    if let refusal { complain(refusal, life) }
    return FirstJobs(jobs.jobs)
  }

  private func complain(_ refusal: ControlError, _ life: Life) {
    life.phase.note("some job files are refused, and their jobs are not in force: \(refusal.message)", of: "jobs")
    logger.error("some job files are refused, and their jobs are not in force: \(refusal.message)")
    logger.tell(refusal.findings, .error)
  }

  private func log(endsOf dispatcher: RunDispatcher) async {
    await dispatcher.onEnd { [logger] end in
      let fields: Logger.Metadata = [
        "job": .string(end.job), "run": .string(end.id.text), "state": .string(end.wasStopped ? "stopped" : end.state.name),
      ]
      let words = end.error.map { ": \($0)" } ?? ""
      let isFine = end.wasStopped || end.state == .succeeded
      logger.log(
        level: isFine ? .info : .warning,
        "run \(end.id) of \(end.job) \(end.wasStopped ? "was stopped; it goes on later" : "is \(end.state.name)")\(words)",
        metadata: fields)
    }
  }

  /// One line for `systemctl status`.
  private static func status(_ scheduler: Scheduler, _ dispatcher: RunDispatcher, _ phase: DaemonPhase) async -> String {
    let active = await dispatcher.active().count
    let waiting = await dispatcher.waitingCount
    let next = await scheduler.upcoming(job: nil, limit: 1).first
    var words = ["\(await scheduler.jobCount) jobs, \(await scheduler.scheduleCount) schedules"]
    if let next { words.append("next \(next.job) at \(next.key.dueAt.iso8601)") }
    words.append("\(active) runs under way, \(waiting) waiting")
    if let problem = phase.problems.first { words.append("PROBLEM: \(problem)") }
    return words.joined(separator: "; ")
  }
}
