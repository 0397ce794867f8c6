/// What the program's exit code says: sysexits.h where that has a word for it. Listed in docs/manual.md; never renumbered.
enum ExitStatus: Int32, Sendable, CaseIterable {
  /// Done; a run: every item succeeded or was skipped.
  case success = 0
  /// The run went to its end, and some of its items failed.
  case completedWithFailures = 1
  /// The run itself failed.
  case failed = 2
  /// The run was cancelled.
  case cancelled = 3
  /// The command line is wrong.
  case usage = 64
  /// A job file, a configuration, or the state of a run does not allow what was asked.
  case invalidData = 65
  /// No such run, item, job or file.
  case notFound = 66
  /// The plugin, or the host that loads it, cannot be had.
  case pluginUnavailable = 69
  /// A fault of Carillon itself.
  case fault = 70
  /// A file or folder cannot be made.
  case cannotCreate = 73
  /// The store failed, the disk is full, or a file cannot be read or written.
  case storage = 74
  /// Try again: the run was stopped and can be resumed, or another process has the store.
  case temporary = 75
  /// Not permitted.
  case notPermitted = 77
}
