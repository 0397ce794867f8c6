import Foundation
import JobModel

/// A run's log file: one JSON object a line, appended. Lines gather in memory until `flush`, which the run calls whenever it
/// has nothing better to do; the file stays under a bound, and says so when it is reached.
struct RunLog: ~Copyable {
  private let path: String
  private let descriptor: Int32
  private var pending: [UInt8] = []
  private var bytes: Int
  private(set) var droppedLines = 0

  /// No run's log grows beyond this.
  static let maxBytes = 64 * 1024 * 1024
  private static let flushBytes = 64 * 1024

  /// Opens the log, at its end when it was begun before.
  init(path: String) throws(EngineError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw EngineError(.io, "cannot write the log \(path): \(String(cString: strerror(errno)))")
    }
    bytes = max(0, Int(lseek(descriptor, 0, SEEK_END)))
    // An engine that was killed may have left half a line: the next one must not be swallowed by it.
    var last: UInt8 = 0
    if bytes > 0, pread(descriptor, &last, 1, off_t(bytes - 1)) == 1, last != UInt8(ascii: "\n") {
      pending.append(UInt8(ascii: "\n"))
    }
  }

  deinit { close(descriptor) }

  mutating func append(_ line: LogLine) {
    guard bytes < Self.maxBytes else {
      droppedLines += 1
      return
    }
    var text = JSONText()
    text.object {
      $0.field("at", line.at.microseconds)
      $0.field("level", line.level)
      if let item = line.item { $0.field("item", item) }
      $0.field("pid", Int64(line.pid))
      $0.field("source", line.source)
      $0.field("message", line.message)
    }
    let before = pending.count
    pending.append(contentsOf: text.bytes)
    pending.append(UInt8(ascii: "\n"))
    bytes += pending.count - before
    if pending.count >= Self.flushBytes { flush() }
  }

  /// Writes what has gathered. A log that cannot be written (a full disk) loses lines, never the run: they are counted.
  mutating func flush() {
    var written = 0
    while written < pending.count {
      let count = pending.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, $0.count - written) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 {
        droppedLines += pending[written...].count(where: { $0 == UInt8(ascii: "\n") })
        break
      }
      written += count
    }
    pending.removeAll(keepingCapacity: true)
  }
}
