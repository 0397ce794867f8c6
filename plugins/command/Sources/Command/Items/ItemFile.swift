import Glibc

/// Reads a file of items piece by piece, so that a large one needs no memory.
struct ItemFile: ~Copyable {
  private let path: String
  private let descriptor: Int32

  /// Throws `CommandError.list`.
  init(_ path: String) throws(CommandError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw CommandError(.list, "\(path) cannot be read: \(Spawn.words(errno))") }
  }

  deinit { close(descriptor) }

  /// The next piece; nil at the end. Throws `CommandError.list`.
  func next() throws(CommandError) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 256 * 1024)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 { return Array(buffer[..<count]) }
      if count == 0 { return nil }
      guard errno == EINTR else { throw CommandError(.list, "\(path) cannot be read: \(Spawn.words(errno))") }
    }
  }
}
