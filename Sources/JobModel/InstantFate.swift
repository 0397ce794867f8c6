/// What became of a due instant. The raw values are stored: never renumber.
package enum InstantFate: Int, Sendable, CaseIterable, Codable {
  /// A run began (or was queued, as the overlap policy says) when it was due.
  case fired = 0
  /// Nobody was there when it was due; a run was begun for it afterwards.
  case caughtUp = 1
  /// An earlier run of the job had not ended, and the overlap policy says skip (or its queue was full).
  case skippedOverlap = 2
  /// No daemon ran, or the clock jumped over it, and the catch-up policy made up for none or for a later one.
  case missed = 3
  /// … and it was older than the catch-up window.
  case outsideWindow = 4
  /// The job was paused.
  case paused = 5
  /// The second pass through a local time that the clock's change repeats: it had been judged in the first.
  case folded = 6
  /// A local time that the clock's change left out, and the schedule says `dst: skip`.
  case inGap = 7
  /// A person's backfill made a run for an instant that had gone by without one.
  case backfilled = 8

  /// The word used in the command line, JSON and the manual.
  package var name: String { "\(self)" }

  /// It has a run.
  package var hasRun: Bool { self == .fired || self == .caughtUp || self == .backfilled }
}
