import ControlAPI
import Engine
import Foundation
import JobModel
import Logging
@testable import Server
import ServiceLifecycle
import Store
import Synchronization
import Testing

/// A daemon's parts in this process, on a real socket, a real engine and real plugins.
final class TestDaemon: Sendable {
  let folder: String
  let engine: Engine
  let scheduler: Scheduler
  let dispatcher: RunDispatcher
  let source: JobSource
  let phase = DaemonPhase()
  let drained = Mutex(false)

  var socket: String { "\(folder)/s" }
  var jobsFolder: String { "\(folder)/jobs" }

  private init(folder: String) async throws {
    self.folder = folder
    engine = try await Engine.open(
      EnginePaths(state: "\(folder)/state", host: Installation.host, plugins: [Installation.plugins]))
    dispatcher = RunDispatcher(engine: engine, limit: 4)
    scheduler = Scheduler(store: engine.store, dispatcher: dispatcher)
    source = JobSource(folder: "\(folder)/jobs", engine: engine)
  }

  func control() -> DaemonControl {
    DaemonControl(
      engine: engine, scheduler: scheduler, dispatcher: dispatcher, jobs: source, phase: phase,
      facts: .init(version: "1.2.3", startedAt: .systemNow()) { self.drained.withLock { $0 = true } })
  }

  func server(_ limits: ServerLimits = ServerLimits()) throws -> ControlServer {
    var configuration = ControlServer.Configuration(socketPath: socket, version: "1.2.3")
    configuration.limits = limits
    return try ControlServer(
      configuration, control: control(), probes: Probes(engine: engine, scheduler: scheduler, phase: phase),
      metrics: MetricsPage(
        engine: engine, scheduler: scheduler, dispatcher: dispatcher, phase: phase, version: "1.2.3", startedAt: .systemNow()),
      logger: Logger(label: "test"))
  }

  /// Writes a job file; it is not in force before a reload.
  func job(_ name: String, _ rest: String) throws {
    try "name: \(name)\n\(rest)".write(toFile: "\(jobsFolder)/\(name).yaml", atomically: true, encoding: .utf8)
  }

  /// It listens: connections are refused before the server's loop has begun.
  private func answers() async throws -> Bool {
    let (status, _, _) = try await execute(
      "/usr/bin/curl", ["-s", "--max-time", "5", "--unix-socket", socket, "http://localhost/readyz"])
    return status == 0
  }

  static let hello = ["hello": "plugin: hello\nsummary: Greets some guests\nconfig: {count: 5}\n"]

  /// Runs a daemon for as long as `body` takes.
  static func with(
    _ jobs: [String: String] = hello, limits: ServerLimits = ServerLimits(), serves: Bool = true,
    _ body: @Sendable @escaping (TestDaemon) async throws -> Void
  ) async throws {
    let folder = NSTemporaryDirectory() + "cs-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: "\(folder)/jobs", withIntermediateDirectories: true)
    defer {
      do { try FileManager.default.removeItem(atPath: folder) } catch { print("left behind: \(folder)") }
    }
    let daemon = try await TestDaemon(folder: folder)
    for (name, text) in jobs { try daemon.job(name, text) }
    let set = try await daemon.source.load()
    await daemon.source.adopt(set)
    try await daemon.scheduler.begin(set.jobs)
    daemon.phase.move(to: .ready)
    var logger = Logger(label: "test.services")
    logger.logLevel = .error
    let services = ServiceGroup(
      services: serves ? [try daemon.server(limits)] : [], logger: logger)
    let result: Result<Void, any Error> = await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await daemon.scheduler.run() }
      group.addTask { await daemon.dispatcher.run() }
      if serves { group.addTask { try await services.run() } }
      let result: Result<Void, any Error>
      do {
        if serves { try await eventually("an answer") { try await daemon.answers() } }
        try await body(daemon)
        result = .success(())
      } catch {
        result = .failure(error)
      }
      await services.triggerGracefulShutdown()
      await daemon.dispatcher.drain(grace: .seconds(1))
      group.cancelAll()
      while let ended = await group.nextResult() {
        if case .failure(let error) = ended, !(error is CancellationError) { Issue.record(error) }
      }
      return result
    }
    try await daemon.engine.close()
    try result.get()
  }
}
