import Foundation

/// The host processes of an engine, found by what they were started with: they carry their parent's number as an argument.
enum HostProcesses {
  static func of(engine: pid_t) -> [pid_t] {
    let wanted = Array("--parent\0\(engine)\0".utf8)
    return everyProcess().filter { pid in
      guard let words = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return false }
      return words.suffix(wanted.count).elementsEqual(wanted)
    }
  }

  /// Waits until none is left; those that are after `limit`.
  static func leftBehind(by engine: pid_t, after limit: Duration) -> [pid_t] {
    let deadline = ContinuousClock.now + limit
    while true {
      let hosts = of(engine: engine)
      if hosts.isEmpty || ContinuousClock.now >= deadline { return hosts }
      usleep(1_000)
    }
  }

  private static func everyProcess() -> [pid_t] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var found: [pid_t] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if let pid = pid_t(name) { found.append(pid) }
    }
    return found
  }
}
