import Glibc

/// Process groups as /proc shows them.
enum ProcessGroup {
  /// Whether any process of a group is there that is no zombie; true when /proc cannot tell.
  static func isAlive(_ group: pid_t) -> Bool {
    guard let folder = opendir("/proc") else { return true }
    defer { closedir(folder) }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let pid = pid_t(name), let status = status(of: pid) else { continue }
      if status.group == group, status.state != "Z", status.state != "X" { return true }
    }
    return false
  }

  /// Its state's letter and its group; nil when it is gone. See proc(5), `/proc/pid/stat`.
  private static func status(of pid: pid_t) -> (state: Character, group: pid_t)? {
    let descriptor = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1_024)
    let count = read(descriptor, &buffer, buffer.count)
    // The name before may hold anything, brackets among it; it is at most 16 bytes long.
    guard count > 0, let end = buffer[..<count].lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = String(decoding: buffer[(end + 1)..<count], as: UTF8.self).split(separator: " ")
    guard fields.count > 2, let state = fields[0].first, let group = pid_t(fields[2]) else { return nil }
    return (state, group)
  }
}
