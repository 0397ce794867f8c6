import ControlAPI
import JobModel

extension InstantFate {
  /// The fate of that name.
  init?(name: String) {
    guard let fate = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = fate
  }

  /// In a column.
  var word: String {
    switch self {
    case .fired: "fired"
    case .caughtUp: "caught up"
    case .skippedOverlap: "skipped: overlap"
    case .missed: "missed"
    case .outsideWindow: "missed: too old"
    case .paused: "paused"
    case .folded: "folded"
    case .inGap: "in a gap"
    case .backfilled: "backfilled"
    }
  }

  var color: Console.Color {
    switch self {
    case .fired, .caughtUp, .backfilled: .green
    case .skippedOverlap, .paused, .folded, .inGap: .yellow
    case .missed, .outsideWindow: .red
    }
  }

  /// What happened, in a sentence.
  var sentence: String {
    switch self {
    case .fired: "A run was made when it was due."
    case .caughtUp: "Nobody was there when it was due; a run was made for it afterwards."
    case .skippedOverlap: "No run: an earlier run of the job had not ended, and its overlap policy says so."
    case .missed:
      "No run: no daemon ran when it was due, or the clock jumped over it, and the catch-up policy made up for none, or for a later one."
    case .outsideWindow:
      "No run: no daemon ran when it was due, or the clock jumped over it, and it was older than the catch-up window."
    case .paused: "No run: the job was paused."
    case .folded: "No run of its own: the clocks went back, and this time of day had been judged when it came first."
    case .inGap: "No run: the clocks went forward over this time of day, and the schedule says dst: skip."
    case .backfilled: "It had gone by without a run; a backfill made one."
    }
  }
}
