internal import JobModel
internal import Logging
internal import Server
internal import ServiceLifecycle

/// Tells the service manager how the daemon is, and that it lives: only while scheduler and store get on.
struct NotifierService: Service {
  let notifier: ServiceNotifier
  let probes: Probes
  let life: Life
  let status: @Sendable () async -> String
  let logger: Logger

  /// How often the status is renewed, at least.
  private static let statusInterval = Duration.seconds(15)
  private static let startInterval = Duration.seconds(5)

  func run() async throws {
    guard notifier.isHeard else { return try await gracefulShutdown() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        do { try await tell() } catch is CancellationError {}
      }
      try await gracefulShutdown()
      group.cancelAll()
    }
  }

  private func tell() async throws {
    var toldAt = ContinuousClock.now
    while life.phase.state == .starting {
      // Often: from READY on the watchdog counts.
      try await Task.sleep(for: .milliseconds(50))
      guard ContinuousClock.now - toldAt >= Self.startInterval else { continue }
      toldAt = .now
      notifier.extendStart(by: Self.startInterval * 6, "Taking up what was left behind")
    }
    let interval = min(Self.statusInterval, notifier.watchdog.map { $0 / 2 } ?? Self.statusInterval)
    while true {
      let stuck = notifier.watchdog == nil ? nil : await probes.alive()
      if let stuck {
        logger.critical("the watchdog is not told that all is well: \(stuck)")
        notifier.status("Stuck: \(stuck)")
      } else if notifier.watchdog != nil {
        notifier.alive(await status())
      } else {
        notifier.status(await status())
      }
      // Soon again where something is stuck: what is well a moment later shall not be ended for it.
      try await Task.sleep(for: stuck == nil ? interval : min(interval, .seconds(1)))
    }
  }
}
