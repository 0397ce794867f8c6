import Foundation
import JobModel

/// A run's log file: one JSON object a line, appended. Lines gather in memory until `flush`, which the run calls whenever it
/// has nothing better to do; the file stays under a bound. A log that cannot be written (a full disk) loses lines, never the
/// run; where lines are missing, the log says how many and why.
struct RunLog: ~Copyable {
  private let descriptor: Int32
  private let maxBytes: Int
  private var pending: [UInt8] = []
  /// Whole lines in the file.
  private var written: Int
  /// Lines that are not in the file, and not told of in it.
  private var untoldLines = 0
  private var whyUntold = ""
  private var isFull = false
  private(set) var droppedLines = 0

  /// No run's log grows beyond this, but for one line that says so.
  static let maxBytes = 64 * 1024 * 1024
  private static let flushBytes = 64 * 1024

  /// Opens the log, at its end when it was begun before.
  init(path: String, maxBytes: Int = Self.maxBytes) throws(EngineError) {
    self.maxBytes = maxBytes
    descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw EngineError(.io, "cannot write the log \(path): \(String(cString: strerror(errno)))")
    }
    written = max(0, Int(lseek(descriptor, 0, SEEK_END)))
    var last: UInt8 = 0
    // An engine that was killed may have left half a line.
    if written > 0, pread(descriptor, &last, 1, written - 1) == 1, last != UInt8(ascii: "\n") {
      pending.append(UInt8(ascii: "\n"))
    }
  }

  deinit { close(descriptor) }

  mutating func append(_ line: LogLine) {
    guard !isFull else {
      droppedLines += 1
      return
    }
    if untoldLines > 0 {
      put(Self.own("\(untoldLines) lines are missing here: \(whyUntold)", at: line.at))
      untoldLines = 0
    }
    if written + pending.count >= maxBytes {
      isFull = true
      droppedLines += 1
      put(Self.own("the log has reached its limit of \(maxBytes) bytes: what follows is not kept", at: line.at))
    } else {
      put(line)
    }
    if pending.count >= Self.flushBytes { flush() }
  }

  /// Writes what has gathered.
  mutating func flush() {
    var done = 0
    while done < pending.count {
      let count = pending.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, $0.count - done) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 {
        whyUntold = String(cString: strerror(count < 0 ? errno : ENOSPC))
        lose(after: done)
        return
      }
      done += count
    }
    written += pending.count
    pending.removeAll(keepingCapacity: true)
  }

  /// Counts the lines that did not get into the file whole, and takes what is there of the first of them out again.
  private mutating func lose(after done: Int) {
    let whole = pending[..<done].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let lost = pending[whole...].count { $0 == UInt8(ascii: "\n") }
    written += whole
    if whole < done, ftruncate(descriptor, off_t(written)) != 0 { written += done - whole }
    untoldLines += lost
    droppedLines += lost
    pending.removeAll(keepingCapacity: true)
  }

  private mutating func put(_ line: LogLine) {
    var text = JSONText()
    text.object {
      $0.field("at", line.at.microseconds)
      $0.field("level", line.level)
      if let item = line.item { $0.field("item", item) }
      $0.field("pid", Int64(line.pid))
      $0.field("source", line.source)
      $0.field("message", line.message)
    }
    pending.append(contentsOf: text.bytes)
    pending.append(UInt8(ascii: "\n"))
  }

  private static func own(_ message: String, at: Timestamp) -> LogLine {
    LogLine(at: at, level: "warning", item: nil, pid: 0, source: "engine", message: message)
  }
}
