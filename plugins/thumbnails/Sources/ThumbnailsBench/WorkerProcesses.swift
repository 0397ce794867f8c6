import Glibc

/// Copies of this program that share one queue of numbers. The calls of POSIX.1-2017 that this takes stand here.
enum WorkerProcesses {
  /// The descriptor on which a worker finds its numbers.
  private static let queue: Int32 = 3

  /// What the workers took.
  struct Usage {
    /// The largest peak of one worker's resident memory.
    var peakKiB = 0

    /// Of all workers together.
    var processorSeconds = 0.0
  }

  /// Runs `count` workers on the numbers below `numbers` (at most 16,000: they wait in a pipe) and waits for them.
  static func run(_ count: Int, arguments: [String], numbers: Int) -> Usage {
    precondition(numbers <= 16_000)
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { fatalError("no pipe") }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // A duplicate onto itself would keep nothing else open; the writing end must not reach the workers, or no read ends.
    posix_spawn_file_actions_addclose(&actions, ends[1])
    if ends[0] != queue {
      posix_spawn_file_actions_adddup2(&actions, ends[0], queue)
      posix_spawn_file_actions_addclose(&actions, ends[0])
    }
    var argv = (["thumbnails-bench"] + arguments).map { strdup($0) } + [nil]
    defer { for argument in argv { free(argument) } }
    for number in 0..<UInt32(numbers) {
      withUnsafeBytes(of: number) { _ = write(ends[1], $0.baseAddress, $0.count) }
    }
    var children: [pid_t] = []
    for _ in 0..<count {
      var child: pid_t = 0
      guard posix_spawn(&child, "/proc/self/exe", &actions, nil, &argv, environ) == 0 else {
        fatalError("no process")
      }
      children.append(child)
    }
    close(ends[0])
    close(ends[1])
    var total = Usage()
    for child in children { wait(for: child, addingTo: &total) }
    return total
  }

  private static func wait(for child: pid_t, addingTo total: inout Usage) {
    var usage = rusage()
    var status: Int32 = 0
    guard wait4(child, &status, 0, &usage) == child, status == 0 else {
      fatalError("a worker ended with status \(status)")
    }
    total.peakKiB = max(total.peakKiB, usage.ru_maxrss)
    for time in [usage.ru_utime, usage.ru_stime] {
      total.processorSeconds += Double(time.tv_sec) + Double(time.tv_usec) / 1e6
    }
  }

  /// The next number, or nil when all are taken. Four bytes leave a pipe together, whoever reads.
  static func nextNumber() -> Int? {
    var number: UInt32 = 0
    let count = withUnsafeMutableBytes(of: &number) { read(queue, $0.baseAddress, $0.count) }
    return count == 4 ? Int(number) : nil
  }

  /// Says something on standard error: standard output holds the result alone.
  static func complain(_ line: String) {
    Array("\(line)\n".utf8).withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
