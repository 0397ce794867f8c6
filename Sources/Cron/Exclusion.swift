/// Times at which a schedule is not due although its expressions say so.
public enum Exclusion: Hashable, Sendable {
  /// The times on the wall that an expression matches; with five fields each whole minute. Neither `@every` nor `@reboot`.
  case expression(CronExpression)
  /// Instants, `to` excluded, in seconds of UTC since 1970.
  case window(from: Int64, to: Int64)
}
