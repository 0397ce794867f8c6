import Glibc

/// What tells that an input has not changed since it was read, without reading it.
package struct Stamp: Codable, Hashable, Sendable {
  /// Bytes.
  package var size: Int64
  /// Of a file: inode and times of the last change of contents and of the inode, in nanoseconds. Of an object in S3: its ETag.
  package var version: String

  package init(size: Int64, version: String) {
    self.size = size
    self.version = version
  }

  init(_ status: stat) {
    size = Int64(status.st_size)
    func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) }
    version = "\(status.st_ino)-\(nanoseconds(status.st_mtim))-\(nanoseconds(status.st_ctim))"
  }

  /// A file's or folder's; nil where there is none. Links are not followed.
  package static func of(_ path: String) throws(RollupsError) -> (stamp: Stamp, isFolder: Bool, isFile: Bool)? {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw SystemFile.failure("look at", path)
    }
    return (Stamp(status), status.st_mode & S_IFMT == S_IFDIR, status.st_mode & S_IFMT == S_IFREG)
  }
}
