package import Cron

/// A schedule as a job file writes it: the union of cron expressions in one zone, less exclusions. `docs/manual.md` has the keys.
package struct ScheduleSpec: Hashable, Sendable {
  /// What an exclusion takes away.
  package enum Exclusion: Hashable, Sendable, Codable {
    /// The times that a cron expression of the schedule's format matches.
    case expression(String)
    /// From an instant, inclusive, to another, exclusive.
    case window(from: Timestamp, to: Timestamp)
  }

  /// Unique in the job. Default: the text of the first expression. Names the schedule in the instant ledger: a schedule of
  /// another name is another schedule.
  package var name: String
  /// At least one.
  package var expressions: [String]
  /// Default 5 fields.
  package var format: CronFormat = .minutes
  /// IANA identifier. The job file's default is the machine's own zone, by its name.
  package var zone: String
  /// Default debian.
  package var dst: DSTPolicy = .debian
  /// No instant before it; `@every` counts from it. nil: from 1970.
  package var start: Timestamp?
  /// No instant at it or later.
  package var end: Timestamp?
  package var exclusions: [Exclusion] = []
  /// A run begins up to this long after its instant, differently each time. Default 0.
  package var jitter = Duration.zero
  /// A run begins up to this long after its instant, always equally for one job. Default 0.
  package var spread = Duration.zero

  package init(name: String, expressions: [String], zone: String = "UTC") {
    self.name = name
    self.expressions = expressions
    self.zone = zone
  }
}
