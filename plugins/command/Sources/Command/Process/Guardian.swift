import CSpawn
import Glibc

/// The small process that ends commands when this one is gone, however it went: the engine ends a worker that does not come to
/// an end by SIGKILL. Only the loop's thread uses it.
struct Guardian {
  private let descriptor: Int32
  private let pid: pid_t

  /// Throws `CommandError.system`.
  init() throws(CommandError) {
    var descriptor: Int32 = -1
    var pid: pid_t = 0
    let code = command_guard_start(&descriptor, &pid)
    guard code == 0 else { throw CommandError(.system, "there is no process to watch over commands: \(Spawn.words(code))") }
    self.descriptor = descriptor
    self.pid = pid
  }

  /// What it misses is told by the kernel to the first process of a group at least.
  func watch(_ started: Spawn.Started, grace: Duration) {
    _ = command_guard_watch(
      descriptor, started.pid, Int32(clamping: Int64(grace / .milliseconds(1))), started.output, started.errors)
  }

  func forget(group: pid_t) { _ = command_guard_forget(descriptor, group) }

  func end() { command_guard_end(descriptor, pid) }
}
