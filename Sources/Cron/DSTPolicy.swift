/// What becomes of times that a change of the clocks takes away or brings twice. Wildcard jobs (`CronExpression.isWildcard`) follow
/// elapsed time under every policy.
public enum DSTPolicy: String, Sendable, Codable, CaseIterable {
  /// As Debian's cron(8): a fixed time in the gap is due right after it, each such time once; a fixed time that comes twice is due the
  /// first time. Changes of more than three hours are corrections of the clock: what they pass over is not made up for, what they
  /// bring again is due again.
  case debian
  /// What the wall shows: a time in the gap is never due, a time that comes twice is due twice.
  case literal
  /// Once or not at all: a fixed time in the gap is not due, a fixed time that comes twice is due the first time.
  case skip
}
