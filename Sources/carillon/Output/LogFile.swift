import Engine
import Foundation
import JobModel

/// A run's log on disk: one JSON object a line, the last perhaps not whole yet.
struct LogFile {
  let path: String

  /// The last `count` lines of an item; none when there is no log.
  func lines(ofItem key: String, last count: Int) throws(CommandError) -> [LogLine] {
    var found: [LogLine] = []
    var reader = try Reader(path: path, item: key)
    while let lines = try reader?.next() {
      found += lines
      if found.count > 2 * count { found.removeFirst(found.count - count) }
    }
    return found.suffix(count)
  }

  /// Reads a log from its beginning, and goes on where it was when it has grown.
  struct Reader: ~Copyable {
    private static let chunk = 256 * 1_024
    private let descriptor: Int32
    private let path: String
    private let item: String?
    private var rest: [UInt8] = []

    /// nil when there is no log (yet).
    /// - Parameter item: only lines of the item of this key; nil: all.
    init?(path: String, item: String? = nil) throws(CommandError) {
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      self.path = path
      self.item = item
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
        guard mayConcern(line) else { return nil }
        do {
          let decoded = try decoder.decode(LogLine.self, from: Data(line))
          return item == nil || decoded.item == item ? decoded : nil
        } catch { return nil }  // torn by a crash
      }
      rest.removeSubrange(...end)
      return lines
    }

    /// A cheap look before a line is decoded: one that has not the key's bytes is not of the item. Keys with characters
    /// that JSON escapes are not looked for.
    private func mayConcern(_ line: ArraySlice<UInt8>) -> Bool {
      guard let item, !item.isEmpty, item.utf8.allSatisfy({ (0x20..<0x7f).contains($0) && !"\"\\".utf8.contains($0) }) else {
        return true
      }
      return Data(line).range(of: Data(item.utf8)) != nil
    }
  }
}
