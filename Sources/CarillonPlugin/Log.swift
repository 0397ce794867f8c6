/// Where a plugin's lines go: the log of the run, and of the item it belongs to. Any thread, any time. A line over 16 KiB is
/// cut by the host. Blocks while the daemon is behind.
public struct Log: Sendable {
  /// How much a line matters.
  public enum Level: Hashable, Sendable, CaseIterable {
    case debug
    case info
    case warning
    case error
  }

  let host: Host
  let item: UInt64

  /// One line. `message` is evaluated only when the host takes lines.
  public func log(_ level: Level, _ message: @autoclosure () -> String) {
    host.log(item: item, level: level, message)
  }

  public func debug(_ message: @autoclosure () -> String) { log(.debug, message()) }
  public func info(_ message: @autoclosure () -> String) { log(.info, message()) }
  public func warning(_ message: @autoclosure () -> String) { log(.warning, message()) }
  public func error(_ message: @autoclosure () -> String) { log(.error, message()) }
}
