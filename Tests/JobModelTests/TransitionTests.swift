import JobModel
import Testing

/// The tables of allowed moves against a second writing of them: a move that is added or lost has to be meant twice.
struct TransitionTests {
  /// One row a state, one column a next state, in the order of `allCases`; `e` the engine, `p` a person, `.` never.
  static let items: [ItemState: String] = [
    //                 avail leased retrying succeeded skipped dead poisoned cancelled
    .available: "       .     e      .        .         e       .    .        e",
    .leased: "          e     .      e        e         e       e    e        e",
    .retrying: "        e     .      .        .         .       .    .        e",
    .succeeded: "       .     .      .        .         .       .    .        .",
    .skipped: "         .     .      .        .         .       .    .        .",
    .dead: "            p     .      .        .         .       .    .        .",
    .poisoned: "        p     .      .        .         .       .    .        .",
    .cancelled: "       .     .      .        .         .       .    .        .",
  ]

  /// The same of runs; `x` allowed.
  static let runs: [RunState: String] = [
    //                          queued discov running finishing succ comp failed cancelled
    .queued: "                   .      x      x       .         .    .    x      x",
    .discovering: "              x      .      x       .         .    .    x      x",
    .running: "                  x      .      .       x         .    .    x      x",
    .finishing: "                x      .      .       .         x    x    x      x",
    .succeeded: "                .      .      .       .         .    .    .      .",
    .completedWithFailures: "    x      .      .       .         .    .    .      .",
    .failed: "                   x      .      .       .         .    .    .      .",
    .cancelled: "                .      .      .       .         .    .    .      .",
  ]

  private static func cell(_ row: String?, _ column: Int) -> Substring { row!.split(separator: " ")[column] }

  @Test(arguments: ItemState.allCases) func itemsMoveAsTheTableSays(_ from: ItemState) {
    for (column, to) in ItemState.allCases.enumerated() {
      let expected = Self.cell(Self.items[from], column)
      #expect(from.allows(to) == (expected != "."), "\(from) to \(to)")
      let movers = ItemState.moves[from, default: []].filter { $0.to == to }.map(\.by)
      #expect(movers == (expected == "e" ? [.engine] : expected == "p" ? [.person] : []), "\(from) to \(to)")
    }
    #expect(from.isFinal == [.succeeded, .skipped, .dead, .poisoned, .cancelled].contains(from))
    #expect(from.isFailure == [.dead, .poisoned].contains(from))
  }

  @Test(arguments: RunState.allCases) func runsMoveAsTheTableSays(_ from: RunState) {
    for (column, to) in RunState.allCases.enumerated() {
      #expect(from.allows(to) == (Self.cell(Self.runs[from], column) == "x"), "\(from) to \(to)")
    }
    #expect(from.isFinal == [.succeeded, .completedWithFailures, .failed, .cancelled].contains(from))
  }

  @Test func storedNumbersNeverChange() {
    #expect(ItemState.allCases.map(\.rawValue) == Array(0...7))
    #expect(
      ItemState.allCases.map(\.name) == [
        "available", "leased", "retrying", "succeeded", "skipped", "dead", "poisoned", "cancelled",
      ])
    #expect(RunState.allCases.map(\.rawValue) == Array(0...7))
    #expect(
      RunState.allCases.map(\.name) == [
        "queued", "discovering", "running", "finishing", "succeeded", "completedWithFailures", "failed", "cancelled",
      ])
    #expect(RetryCause.allCases.map(\.rawValue) == Array(1...6))
    #expect(OutcomeKind.allCases.map(\.rawValue) == Array(1...6))
    for state in ItemState.allCases { #expect(ItemState(name: state.name) == state) }
    for state in RunState.allCases { #expect(RunState(name: state.name) == state) }
    #expect(ItemState(name: "done") == nil && RunState(name: "done") == nil)
  }

  @Test func onlyTheItemsOwnFailuresCostAnAttempt() {
    #expect(RetryCause.allCases.filter(\.costsAttempt) == [.item, .timeout])
  }
}
