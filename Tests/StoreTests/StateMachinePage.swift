import JobModel

/// docs/state-machine.md, drawn from the model's tables.
enum StateMachinePage {
  static var text: String {
    """
    # State machines

    Drawn from `ItemState.moves` and `RunState.moves` by a test, which fails when the page and the model differ
    (`CARILLON_WRITE_DOCS=1 swift test --filter DocumentTests` writes it anew). A move that is not here never happens: the
    store refuses it.

    ## Items

    \(items)

    An item ends as \(list(ItemState.allCases.filter(\.isFinal).map(\.name))); \
    \(list(ItemState.allCases.filter(\.isFailure).map(\.name))) leave again by a person's retry.

    ### What a single daemon's store holds

    One daemon owns the SQLite file, so a lease needs no write: it lives in the daemon's memory, and the store holds the item
    as `available` from the moment that it is named or due until its outcome is recorded. A daemon that dies leaves nothing to
    clear up, and charges no attempt. Seen from the store, `leased` falls together with `available`:

    \(stored)

    An outcome names the attempts that the item must have been charged; where they differ, or where the item is no longer
    `available`, it is stale: dropped and counted.

    ## Runs

    \(runs)

    A run has ended when it is \(list(RunState.allCases.filter(\.isFinal).map(\.name))). A run under way goes back to `queued`
    when its engine stops before the end.

    """
  }

  private static var items: String {
    var lines = ["| from | to | by |", "|---|---|---|"]
    for from in ItemState.allCases {
      for to in ItemState.allCases {
        for move in ItemState.moves[from, default: []] where move.to == to {
          lines.append("| \(from.name) | \(to.name) | \(move.by) |")
        }
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The moves between what is stored: those of `leased` are added to those of `available`.
  private static var stored: String {
    var lines = ["| from | to | by |", "|---|---|---|"]
    for from in ItemState.allCases where from != .leased {
      var moves = ItemState.moves[from, default: []]
      if from == .available { moves.formUnion(ItemState.moves[.leased, default: []]) }
      for to in ItemState.allCases where to != .leased {
        for move in moves where move.to == to {
          let isGivenBack = from == .available && to == .available
          lines.append("| \(from.name) | \(to.name)\(isGivenBack ? " (given back)" : "") | \(move.by) |")
        }
      }
    }
    return lines.joined(separator: "\n")
  }

  private static var runs: String {
    let names = RunState.allCases.map(\.name)
    var lines = ["| from \\ to | \(names.joined(separator: " | ")) |"]
    lines.append("|---|" + names.map { _ in "---|" }.joined())
    for from in RunState.allCases {
      let cells = RunState.allCases.map { from.allows($0) ? "yes" : "" }
      lines.append("| \(from.name) | \(cells.joined(separator: " | ")) |")
    }
    return lines.joined(separator: "\n")
  }

  private static func list(_ names: [String]) -> String {
    names.map { "`\($0)`" }.joined(separator: ", ")
  }
}
