/// Where a run stands. The raw values are stored: never renumber.
package enum RunState: Int, Sendable, CaseIterable, Codable {
  /// Recorded, not begun.
  case queued = 0
  /// The plugin is naming items; those named are already worked on.
  case discovering = 1
  /// All items are named.
  case running = 2
  /// All items have ended; the plugin's `finish` looks back on them.
  case finishing = 3
  /// Every item succeeded or was skipped. Final.
  case succeeded = 4
  /// Every item ended, at least one as a dead letter or poisoned. Final; `retry` reopens it.
  case completedWithFailures = 5
  /// The run itself broke: discovery failed, or the failure budget was spent. `resume` or `retry` reopens it.
  case failed = 6
  /// Ended by a person or a deadline. Final.
  case cancelled = 7

  /// The word used in the command line, JSON and the manual.
  package var name: String { "\(self)" }

  /// The state of that name, as `--state` takes it.
  package init?(name: String) {
    guard let state = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = state
  }

  /// The run has ended; only a person reopens it.
  package var isFinal: Bool { rawValue >= RunState.succeeded.rawValue }

  /// Every allowed move, from each state. A run under way goes back to `queued` when its engine stops before the end.
  package static let moves: [RunState: Set<RunState>] = [
    .queued: [.discovering, .running, .failed, .cancelled],
    .discovering: [.running, .failed, .cancelled, .queued],
    .running: [.finishing, .failed, .cancelled, .queued],
    .finishing: [.succeeded, .completedWithFailures, .failed, .cancelled, .queued],
    .succeeded: [],
    .completedWithFailures: [.queued],
    .failed: [.queued],
    .cancelled: [],
  ]

  /// Whether a run in this state may move to `next`.
  package func allows(_ next: RunState) -> Bool { Self.moves[self, default: []].contains(next) }
}
