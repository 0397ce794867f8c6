import ControlAPI
import JobModel

// What commands read out of the control API's documents.

extension RunDocument {
  /// nil: a state of a newer daemon.
  var runState: RunState? { RunState(name: state) }
  /// As `Words.state`, also for a state that is not known here.
  var stateWords: String { runState.map(Words.state) ?? state }
  var hasEnded: Bool { runState?.isFinal ?? false }

  /// From its first start to its end; nil before both were.
  var took: Duration? {
    guard let end = Timestamp(document: finishedAt), let start = Timestamp(document: startedAt) else { return nil }
    return end - start
  }
}

extension RunDocument.Counts {
  /// Items in a final state.
  var ended: Int { succeeded + skipped + dead + poisoned + cancelled }
  /// Dead letters and poisoned items.
  var failed: Int { dead + poisoned }

  subscript(state: ItemState) -> Int {
    switch state {
    case .available: available
    case .leased: 0
    case .retrying: retrying
    case .succeeded: succeeded
    case .skipped: skipped
    case .dead: dead
    case .poisoned: poisoned
    case .cancelled: cancelled
    }
  }
}

extension ItemDocument {
  var itemState: ItemState? { ItemState(name: state) }
  var isFailure: Bool { itemState?.isFailure ?? false }
}

extension Timestamp {
  /// A document's instant; nil where there is none.
  init?(document text: String?) {
    guard let text, let instant = Timestamp(iso8601: text) else { return nil }
    self = instant
  }
}

extension Duration {
  /// Of a document's seconds.
  init(documentSeconds seconds: Double) { self = .microseconds(Int64(max(-9e12, min(9e12, seconds)) * 1_000_000)) }
}

extension Words {
  /// A document's instant; the text itself where it is none.
  static func instant(_ text: String, now: Timestamp) -> String {
    Timestamp(iso8601: text).map { instant($0, now: now) } ?? printable(text)
  }

  /// As `duration`, of a document's seconds.
  static func duration(seconds: Double) -> String { duration(Duration(documentSeconds: seconds)) }
}
