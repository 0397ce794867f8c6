package import JobModel

#if canImport(Glibc)
  import Glibc
#endif

/// Everything that makes two workers interchangeable: the same library, the same configuration, the same limits.
package struct WorkerSpec: Hashable, Sendable {
  /// Absolute path of the plugin's library.
  package var pluginPath: String
  /// The library's file as it was when the spec was made: a replaced file makes another spec, so new work goes to new workers.
  package var pluginFile: FileIdentity
  package var job: String
  /// The configuration as JSON with sorted keys.
  package var config: [UInt8]
  package var limits: WorkerLimits

  package init(
    pluginPath: String, pluginFile: FileIdentity, job: String, config: [UInt8], limits: WorkerLimits
  ) {
    self.pluginPath = pluginPath
    self.pluginFile = pluginFile
    self.job = job
    self.config = config
    self.limits = limits
  }
}

/// Which file a path led to, and its version.
package struct FileIdentity: Hashable, Sendable {
  package var device: UInt64
  package var inode: UInt64
  package var bytes: Int64
  package var modifiedNanoseconds: Int64

  /// The file at `path` (links followed); nil when there is none.
  package init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    bytes = Int64(status.st_size)
    modifiedNanoseconds = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
  }
}
