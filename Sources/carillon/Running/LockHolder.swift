import Foundation

/// Who holds a file's flock, found without touching the lock: from /proc/locks, see proc(5).
enum LockHolder {
  /// The process; nil when nobody holds it or the file is not there.
  static func pid(of path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    let locks: String
    do { locks = try String(contentsOfFile: "/proc/locks", encoding: .utf8) } catch { return nil }  // no /proc: nobody knows
    for line in locks.split(separator: "\n") {
      let words = line.split(separator: " ", omittingEmptySubsequences: true).filter { $0 != "->" }
      guard words.count >= 6, words[1] == "FLOCK", let pid = Int(words[4]) else { continue }
      let file = words[5].split(separator: ":")
      if file.count == 3, let inode = UInt64(file[2]), inode == UInt64(status.st_ino) { return pid }
    }
    return nil
  }
}
