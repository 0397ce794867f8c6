import ControlAPI
import Engine
import Foundation

/// A run's log on disk, read in pieces: one JSON object a line.
struct RunLogFile: Sendable {
  let path: String

  /// A line that is longer than this is passed over.
  private static let maxLineBytes = 8 << 20

  /// Bytes in the file; 0 when there is none yet.
  var size: Int64 {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : 0
  }

  /// Whole lines from a byte on, about `limit` bytes of them, and the byte at which the next begins. From within a line the rest of
  /// it is passed over, and so is what is no log line.
  func page(from offset: Int64, limit: Int) throws(ControlError) -> (lines: [LogDocument], next: Int64) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else {
      if errno == ENOENT { return ([], offset) }
      throw ControlError(.storage, "cannot read the log \(path): \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    guard offset < size else { return ([], offset) }
    var wanted = limit
    while true {
      var bytes = try read(descriptor, wanted, at: offset)
      guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else {
        // Not one whole line: it is being written, or longer than the page.
        if bytes.count < wanted { return ([], offset) }
        guard wanted < Self.maxLineBytes else { return ([], offset + Int64(bytes.count)) }
        wanted *= 4
        continue
      }
      bytes.removeSubrange((end + 1)...)
      let next = offset + Int64(bytes.count)
      if offset > 0, try read(descriptor, 1, at: offset - 1) != [UInt8(ascii: "\n")] {
        bytes.removeSubrange(...(bytes.firstIndex(of: UInt8(ascii: "\n")) ?? end))
      }
      return (lines(bytes), next)
    }
  }

  private func read(_ descriptor: Int32, _ count: Int, at offset: Int64) throws(ControlError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress! + done, count - done, Int(offset) + done) }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else {
        throw ControlError(.storage, "cannot read the log \(path): \(String(cString: strerror(errno)))")
      }
      if got == 0 { break }
      done += got
    }
    bytes.removeSubrange(done...)
    return bytes
  }

  private func lines(_ bytes: [UInt8]) -> [LogDocument] {
    let decoder = JSONDecoder()
    return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
      do {
        return LogDocument(try decoder.decode(LogLine.self, from: Data(line)))
      } catch {
        return nil  // torn by a crash
      }
    }
  }
}
