/// Everything that a process is started with. Texts are bytes, as the system takes them: no NUL byte in any.
package struct Launch: Sendable {
  /// What becomes of standard input.
  package enum Input: Hashable, Sendable {
    case nothing
    /// Written through a pipe, then closed.
    case bytes([UInt8])
    /// Opened as the process's own user, from its directory.
    case file(String)
  }

  /// What becomes of processes that are left in the group when the command itself has ended.
  package enum Background: String, Codable, Hashable, Sendable, CaseIterable {
    /// They get SIGTERM, and SIGKILL when the grace is over.
    case kill
    /// They are left alone, but the item ends only when none of them holds its standard output or standard error.
    case leave
  }

  /// The program's path, after the search in PATH.
  package var path: [UInt8]

  /// The program's name and its arguments.
  package var arguments: [[UInt8]]

  /// `NAME=value` each.
  package var environment: [[UInt8]]

  /// Entered before the program runs.
  package var directory: String

  package var input = Input.nothing

  /// Nil: as this process.
  package var account: Account?

  package var umask: UInt32 = 0o022

  /// How long it may run; nil: without end.
  package var timeout: Duration?

  /// From SIGTERM to SIGKILL.
  package var grace: Duration = .seconds(5)

  package var background = Background.kill

  package init(path: [UInt8], arguments: [[UInt8]], environment: [[UInt8]], directory: String) {
    self.path = path
    self.arguments = arguments
    self.environment = environment
    self.directory = directory
  }
}

/// How a process ended.
package struct ProcessEnd: Hashable, Sendable {
  /// Why it was told to stop.
  package enum Stop: Hashable, Sendable {
    case timeout
    case cancelled
  }

  /// Its exit code; 0 when a signal ended it.
  package var exitCode = 0

  /// The signal that ended it; nil: it exited.
  package var signal: Int?

  /// Set when it was told to stop before it ended.
  package var stop: Stop?

  /// Processes of its group were left behind and got signals.
  package var endedOthers = false

  /// From its start to its end.
  package var duration = Duration.zero

  /// Of it and the children that it waited for.
  package var userTime = Duration.zero
  package var systemTime = Duration.zero

  /// The largest resident memory of one process; what this process has when it forks counts, too.
  package var maxResidentKiB = 0
}
