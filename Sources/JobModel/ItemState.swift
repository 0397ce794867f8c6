/// Where an item stands. The raw values are stored: never renumber.
package enum ItemState: Int, Sendable, CaseIterable, Codable {
  /// Waits to be handed to a worker. Where every item begins.
  case available = 0
  /// With a worker. A single daemon keeps leases in memory, so its store holds the state before: see docs/state-machine.md.
  case leased = 1
  /// Failed, waits for its due instant.
  case retrying = 2
  /// Done. Final.
  case succeeded = 3
  /// The plugin found nothing to do, or the key was a duplicate of another run's. Final, and not a failure.
  case skipped = 4
  /// A dead letter: its attempts are spent, or it failed for good. Leaves only by a person's retry.
  case dead = 5
  /// Killed its worker three times. Leaves only by a person's retry.
  case poisoned = 6
  /// Its run was cancelled before it was done. Final.
  case cancelled = 7

  /// The word used in the command line, JSON and the manual.
  package var name: String { "\(self)" }

  /// The state of that name, as `--state` takes it.
  package init?(name: String) {
    guard let state = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = state
  }

  /// Nothing further happens to the item on its own.
  package var isFinal: Bool { Self.moves[self, default: []].allSatisfy { $0.by == .person } }

  /// The item ended in failure: what `retry --dead` takes up again.
  package var isFailure: Bool { self == .dead || self == .poisoned }

  /// Who may bring a move about.
  package enum Mover: Sendable { case engine, person }

  /// One allowed move.
  package struct Move: Hashable, Sendable {
    package var to: ItemState
    package var by: Mover
  }

  /// Every allowed move, from each state. What is not here never happens; docs/state-machine.md is drawn from it.
  package static let moves: [ItemState: Set<Move>] = [
    .available: [Move(to: .leased, by: .engine), Move(to: .skipped, by: .engine), Move(to: .cancelled, by: .engine)],
    .leased: [
      Move(to: .succeeded, by: .engine), Move(to: .skipped, by: .engine), Move(to: .retrying, by: .engine),
      Move(to: .dead, by: .engine), Move(to: .poisoned, by: .engine), Move(to: .cancelled, by: .engine),
      Move(to: .available, by: .engine),
    ],
    .retrying: [Move(to: .available, by: .engine), Move(to: .cancelled, by: .engine)],
    .dead: [Move(to: .available, by: .person)],
    .poisoned: [Move(to: .available, by: .person)],
  ]

  /// Whether an item in this state may move to `next`.
  package func allows(_ next: ItemState) -> Bool {
    Self.moves[self, default: []].contains { $0.to == next }
  }
}
