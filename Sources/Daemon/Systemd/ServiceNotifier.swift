internal import JobModel

#if canImport(Glibc)
  internal import Glibc
#endif

/// Tells the service manager how the daemon is: the protocol of sd_notify(3). Silent where no service manager listens.
package final class ServiceNotifier: Sendable {
  private let socket: DatagramSocket?
  /// How often the manager wants to hear of the daemon; nil: it does not watch.
  package let watchdog: Duration?

  /// From `$NOTIFY_SOCKET`, `$WATCHDOG_USEC` and `$WATCHDOG_PID`.
  package init(environment: [String: String], pid: Int32 = getpid()) {
    socket = environment["NOTIFY_SOCKET"].flatMap(DatagramSocket.init(path:))
    let isMeant = environment["WATCHDOG_PID"].map { $0 == String(pid) } ?? true
    let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
    watchdog = isMeant && microseconds > 0 && socket != nil ? .microseconds(microseconds) : nil
  }

  /// Somebody listens.
  package var isHeard: Bool { socket != nil }

  /// Takes the variables out of the environment: a worker must not speak for the daemon. Before there are other threads.
  package static func forgetEnvironment() {
    for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] { unsetenv(name) }
  }

  package func ready(_ status: String) { send("READY=1", "MAINPID=\(getpid())", Self.field("STATUS", status)) }

  /// Before a reload; `ready` follows it.
  package func reloading() { send("RELOADING=1", "MONOTONIC_USEC=\(Self.monotonicMicroseconds())", "STATUS=Reloading") }

  /// `limit`: how much longer than usual the end may take.
  package func stopping(_ status: String, within limit: Duration) {
    send("STOPPING=1", Self.field("STATUS", status), "EXTEND_TIMEOUT_USEC=\(limit.wholeMicroseconds)")
  }

  package func status(_ status: String) { send(Self.field("STATUS", status)) }

  package func alive(_ status: String) { send("WATCHDOG=1", Self.field("STATUS", status)) }

  /// Asks for more time to start.
  package func extendStart(by time: Duration, _ status: String) {
    send("EXTEND_TIMEOUT_USEC=\(time.wholeMicroseconds)", Self.field("STATUS", status))
  }

  private func send(_ fields: String...) {
    // A manager that went away, or is slow, must not hold the daemon up; what it missed comes again with the next one.
    _ = socket?.send(Array(fields.joined(separator: "\n").utf8))
  }

  private static func field(_ name: String, _ value: String) -> String { "\(name)=\(value.replacing("\n", with: " "))" }

  private static func monotonicMicroseconds() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
  }
}
