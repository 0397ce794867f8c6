import Glibc

/// A whole file, read without Foundation. Zone data is a few kilobytes.
enum ZoneFile {
  /// More than any zone has; a device or a log that somebody names is not read on and on.
  private static let maxBytes = 1 << 20

  /// - Returns: the bytes; nil where there is no such file.
  /// - Throws: `unreadableZone` where there is one that cannot be read.
  static func read(_ path: String) throws(CronError) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw unreadable(path, String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(path, String(cString: strerror(errno))) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
      guard bytes.count <= maxBytes else { throw unreadable(path, "it is larger than any zone") }
    }
  }

  /// Where a symbolic link leads, as it is written; nil where there is none.
  static func linkTarget(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 4_096)
    let count = readlink(path, &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func unreadable(_ path: String, _ why: String) -> CronError {
    CronError(code: .unreadableZone, message: "\(path) cannot be read as zone data: \(why)")
  }
}
