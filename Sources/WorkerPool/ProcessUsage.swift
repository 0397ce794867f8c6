#if canImport(Glibc)
  import Glibc
#endif

/// What a process uses, read from /proc (proc(5)): nothing that a plugin could lie about.
package struct ProcessUsage: Sendable {
  package var residentBytes: Int
  package var descriptors: Int

  /// nil when there is no such process.
  package init?(pid: Int32) {
    guard let statm = fopen("/proc/\(pid)/statm", "re") else { return nil }
    defer { fclose(statm) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, 256, statm) != nil else { return nil }
    let fields = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
    residentBytes = pages * sysconf(Int32(_SC_PAGESIZE))
    guard let folder = opendir("/proc/\(pid)/fd") else { return nil }
    defer { closedir(folder) }
    var count = -2  // "." and ".."
    while readdir(folder) != nil { count += 1 }
    descriptors = max(0, count)
  }
}
