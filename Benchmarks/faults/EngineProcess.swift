import Glibc

/// One `carillon` under way, until it is reaped.
final class EngineProcess {
  /// How it ended.
  enum End: Equatable {
    case exited(Int32)
    case signalled(Int32)
  }

  let pid: pid_t
  let startedAt = ContinuousClock.now
  private(set) var end: End?

  init(program: String, arguments: [String], output: String, errors: String) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, flags, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, flags, 0o600)
    let words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { word in strdup(word) }
    defer { for word in words { free(word) } }
    var argv = words + [nil]
    var pid: pid_t = 0
    let failure = posix_spawn(&pid, program, &actions, nil, &argv, environ)
    guard failure == 0 else { throw CampaignError("\(program): \(String(cString: strerror(failure)))") }
    self.pid = pid
  }

  /// Whether it has ended by now.
  var hasEnded: Bool {
    reap(WNOHANG)
    return end != nil
  }

  /// Kills it as the kernel does when memory is out: no word, no cleaning up. What had ended before stays so.
  func kill() -> End? {
    if end == nil { Glibc.kill(pid, SIGKILL) }
    reap(0)
    return end
  }

  /// Waits for its end; nil when it lives longer than `limit`, and is then killed.
  func wait(_ limit: Duration) -> End? {
    let deadline = ContinuousClock.now + limit
    while !hasEnded {
      guard ContinuousClock.now < deadline else {
        _ = kill()
        return nil
      }
      usleep(2_000)
    }
    return end
  }

  private func reap(_ flags: Int32) {
    guard end == nil else { return }
    var status: Int32 = 0
    guard waitpid(pid, &status, flags) == pid else { return }
    let signal = status & 0x7f  // WTERMSIG, which is a macro
    end = signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal)
  }
}
