internal import Engine
internal import Logging
internal import Server
internal import ServiceLifecycle
internal import Synchronization

/// The daemon's way to its end: who may ask for it, and what happens at once.
final class Life: Sendable {
  let phase = DaemonPhase()
  let notifier: ServiceNotifier
  private let logger: Logger
  private let drainLimit: Duration
  private let state = Mutex<(group: ServiceGroup?, askedToEnd: Bool)>((nil, false))

  init(notifier: ServiceNotifier, logger: Logger, drainLimit: Duration) {
    self.notifier = notifier
    self.logger = logger
    self.drainLimit = drainLimit
  }

  var isEnding: Bool { state.withLock { $0.askedToEnd } }

  /// From here on an end can be asked for; one that was asked for before comes now.
  func attach(_ group: ServiceGroup) async {
    let isDue = state.withLock { state in
      state.group = group
      return state.askedToEnd
    }
    if isDue { await group.triggerGracefulShutdown() }
  }

  /// Begins the end, once: nothing new begins, what is under way comes to a halt, then the daemon leaves.
  func end(because reason: String) async {
    let (isFirst, group) = state.withLock { state in
      defer { state.askedToEnd = true }
      return (!state.askedToEnd, state.group)
    }
    guard isFirst else { return }
    phase.move(to: .draining)
    notifier.stopping("Draining: \(reason)", within: drainLimit + .seconds(15))
    logger.notice("draining: \(reason)")
    await group?.triggerGracefulShutdown()
  }
}
