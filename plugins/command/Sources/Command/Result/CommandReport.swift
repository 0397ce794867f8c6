/// An item's output: how its command ended. Absent keys do not apply.
package struct CommandReport: Codable, Hashable, Sendable {
  package var exitCode: Int?
  /// As `SIGKILL`.
  package var signal: String?
  /// `timeout` or `cancelled`.
  package var stopped: String?
  package var durationS: Double
  package var userS: Double
  package var systemS: Double
  package var maxRSSKiB: Int
  package var stdoutBytes: Int
  package var stderrBytes: Int
  /// The end of what it printed.
  package var stdout: String?
  package var stderr: String?

  private enum CodingKeys: String, CodingKey {
    case signal, stopped, stdout, stderr
    case exitCode = "exit_code"
    case durationS = "duration_s"
    case userS = "user_s"
    case systemS = "system_s"
    case maxRSSKiB = "max_rss_kib"
    case stdoutBytes = "stdout_bytes"
    case stderrBytes = "stderr_bytes"
  }

  init(_ end: ProcessEnd, output: OutputStream, errors: OutputStream) {
    exitCode = end.signal == nil ? end.exitCode : nil
    signal = end.signal.map(SignalName.text)
    switch end.stop {
    case .timeout: stopped = "timeout"
    case .cancelled: stopped = "cancelled"
    case nil: stopped = nil
    }
    durationS = Self.seconds(end.duration)
    userS = Self.seconds(end.userTime)
    systemS = Self.seconds(end.systemTime)
    maxRSSKiB = end.maxResidentKiB
    stdoutBytes = output.bytes
    stderrBytes = errors.bytes
    stdout = output.tail.isEmpty ? nil : output.tail
    stderr = errors.tail.isEmpty ? nil : errors.tail
  }

  /// To the microsecond.
  private static func seconds(_ duration: Duration) -> Double { (duration / .microseconds(1)).rounded() / 1e6 }
}

/// Signals by name.
enum SignalName {
  private static let names = [
    1: "HUP", 2: "INT", 3: "QUIT", 4: "ILL", 5: "TRAP", 6: "ABRT", 7: "BUS", 8: "FPE", 9: "KILL", 10: "USR1", 11: "SEGV",
    12: "USR2", 13: "PIPE", 14: "ALRM", 15: "TERM", 16: "STKFLT", 17: "CHLD", 18: "CONT", 19: "STOP", 20: "TSTP", 21: "TTIN",
    22: "TTOU", 23: "URG", 24: "XCPU", 25: "XFSZ", 26: "VTALRM", 27: "PROF", 28: "WINCH", 29: "IO", 30: "PWR", 31: "SYS",
  ]

  /// As `SIGKILL`; real-time signals by number.
  static func text(_ number: Int) -> String { names[number].map { "SIG\($0)" } ?? "signal \(number)" }
}
