import JobModel
import Store

/// Judgements that go into one transaction, and what is to be done once they are durable.
struct Batch {
  /// More go into the next one: bounds memory, and how long the store's writer is held.
  private static let maxInstants = 50_000
  private static let maxRuns = 10_000

  private(set) var judgements: [Judgement] = []
  /// One for each judgement.
  private(set) var origins: [Origin] = []
  private var instants = 0
  private var runs = 0
  /// By entry: its last judgement.
  private var last: [Int: Int] = [:]

  /// Where a judgement came from.
  struct Origin {
    var entry: Int
    /// How its run waits.
    var lane: WaitingRun.Lane
    /// Runs that are to be cancelled because of it.
    var supersedes: [RunID]
    /// The instant was taken up on time.
    var isOnTime: Bool
  }

  var isFull: Bool { instants >= Self.maxInstants || runs >= Self.maxRuns }
  var isEmpty: Bool { judgements.isEmpty }

  /// An instant without a run; joins the stretch before it if that has the same fate and it need not stand alone.
  mutating func add(
    _ due: DueInstant, of schedule: ScheduleNumber, fate: InstantFate, note: String?, isAlone: Bool = false, at now: Timestamp
  ) {
    instants += 1
    let entry = Int(due.entry)
    if !isAlone, let index = last[entry], judgements[index].fate == fate, judgements[index].run == nil,
      judgements[index].note == note
    {
      judgements[index].last = due.key
      judgements[index].count += 1
      return
    }
    append(
      Judgement(schedule: schedule, first: due.key, fate: fate, judgedAt: now, note: note),
      Origin(entry: entry, lane: .serial, supersedes: [], isOnTime: false))
  }

  /// An instant with a run.
  mutating func add(_ judgement: Judgement, _ origin: Origin) {
    instants += 1
    runs += 1
    append(judgement, origin)
  }

  private mutating func append(_ judgement: Judgement, _ origin: Origin) {
    last[origin.entry] = judgements.count
    judgements.append(judgement)
    origins.append(origin)
  }
}
