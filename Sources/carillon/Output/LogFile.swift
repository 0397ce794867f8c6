import Engine
import Foundation
import JobModel

/// A run's log on disk: one JSON object a line, the last perhaps not whole yet.
struct LogFile {
  let path: String

  /// The last `count` lines of an item; none when there is no log.
  func lines(ofItem key: String, last count: Int) throws(CommandError) -> [LogLine] {
    var found: [LogLine] = []
    var reader = try Reader(path: path)
    while let lines = try reader?.next() {
      found += lines.filter { $0.item == key }
      if found.count > 2 * count { found.removeFirst(found.count - count) }
    }
    return found.suffix(count)
  }

  /// Reads a log from its beginning, and goes on where it was when it has grown.
  struct Reader: ~Copyable {
    private static let chunk = 256 * 1_024
    private let descriptor: Int32
    private let path: String
    private var rest: [UInt8] = []

    /// nil when there is no log (yet).
    init?(path: String) throws(CommandError) {
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      self.path = path
      if descriptor < 0 {
        if errno == ENOENT { return nil }
        throw CommandError(.storage, "cannot read the log \(path): \(String(cString: strerror(errno)))")
      }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Whole lines that follow; nil at the end of what is there. What is no log line is passed over.
    mutating func next() throws(CommandError) -> [LogLine]? {
      var buffer = [UInt8](repeating: 0, count: Self.chunk)
      let count = read(descriptor, &buffer, buffer.count)
      guard count >= 0 else {
        throw CommandError(.storage, "cannot read the log \(path): \(String(cString: strerror(errno)))")
      }
      if count == 0 { return nil }
      rest += buffer[..<count]
      guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
      let decoder = JSONDecoder()
      let lines = rest[..<end].split(separator: UInt8(ascii: "\n")).compactMap { line -> LogLine? in
        do { return try decoder.decode(LogLine.self, from: Data(line)) } catch { return nil }  // torn by a crash
      }
      rest.removeSubrange(...end)
      return lines
    }
  }
}
