import Server
import ControlAPI
import Engine
import Foundation

/// A run's log on disk: one JSON object a line, the last perhaps not whole yet.
struct LogFile {
  let path: String

  /// Whole lines from a byte on, of about `limit` bytes, and the byte at which the next ones begin. None when there is no log.
  func lines(from offset: Int64, limit: Int) throws(CommandError) -> (lines: [LogDocument], next: Int64) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return ([], offset) }
      throw unreadable()
    }
    defer { close(descriptor) }
    var size = max(limit, 4_096)
    while true {
      var buffer = [UInt8](repeating: 0, count: size)
      let count = pread(descriptor, &buffer, size, off_t(offset))
      guard count >= 0 else { throw unreadable() }
      guard let end = buffer[..<count].lastIndex(of: UInt8(ascii: "\n")) else {
        if count < size { return ([], offset) }
        size *= 2  // one long line
        continue
      }
      let decoder = JSONDecoder()
      let lines = buffer[..<end].split(separator: UInt8(ascii: "\n")).compactMap { line -> LogDocument? in
        do { return LogDocument(try decoder.decode(LogLine.self, from: Data(line))) } catch { return nil }  // torn by a crash
      }
      return (lines, offset + Int64(end) + 1)
    }
  }

  private func unreadable() -> CommandError {
    CommandError(.storage, "cannot read the log \(path): \(String(cString: strerror(errno)))")
  }
}
