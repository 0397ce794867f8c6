#if canImport(Glibc)
  internal import Glibc
#endif

/// How the daemon writes its log.
package enum LogForm: String, Sendable, CaseIterable {
  /// A line for people on standard error.
  case text
  /// A JSON object a line on standard error.
  case json
  /// Entries with fields, to systemd's journal; lines with a priority where it does not listen.
  case journald

  /// What fits standard error: the journal where systemd connected it to that, else text. See `$JOURNAL_STREAM`, systemd.exec(5).
  package static func fitting(_ environment: [String: String]) -> LogForm {
    var status = stat()
    guard let stream = environment["JOURNAL_STREAM"], fstat(STDERR_FILENO, &status) == 0 else { return .text }
    return stream == "\(status.st_dev):\(status.st_ino)" ? .journald : .text
  }
}
