import Glibc

/// The file system's calls (POSIX.1-2017), wrapped: paths, bytes and `ThumbnailsError` in, no pointer and no errno out.
enum SystemFile {
  /// What stat(2) tells. Links are not followed.
  struct Status {
    enum Kind {
      case file
      case folder
      /// A link, socket, pipe or device.
      case special
    }

    let kind: Kind
    let size: Int64
    let modifiedUs: Int64

    init(_ status: stat) {
      switch status.st_mode & S_IFMT {
      case S_IFREG: kind = .file
      case S_IFDIR: kind = .folder
      default: kind = .special
      }
      size = Int64(status.st_size)
      modifiedUs = Int64(status.st_mtim.tv_sec) * 1_000_000 + Int64(status.st_mtim.tv_nsec) / 1000
    }
  }

  /// Nil when there is nothing of that name.
  static func status(_ path: String) throws(ThumbnailsError) -> Status? {
    var status = stat()
    if lstat(path, &status) == 0 { return Status(status) }
    guard errno == ENOENT || errno == ENOTDIR else { throw failure("look at", path) }
    return nil
  }

  /// The path without links, dots and double slashes; nil when there is nothing of that name.
  static func resolved(_ path: String) throws(ThumbnailsError) -> String? {
    guard let text = realpath(path, nil) else {
      guard errno == ENOENT || errno == ENOTDIR else { throw failure("resolve", path) }
      return nil
    }
    defer { free(text) }
    return String(cString: text)
  }

  /// The names in a folder in the order of their bytes, without `.` and `..`. Names that are not UTF-8 are counted, not
  /// returned.
  static func names(in folder: String) throws(ThumbnailsError) -> (names: [String], unreadable: Int) {
    guard let stream = opendir(folder) else { throw failure("list", folder) }
    defer { closedir(stream) }
    var names: [String] = []
    var unreadable = 0
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      // The name is NUL-terminated inside the entry; its declared length is only a minimum.
      let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0
      let bytes = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
      guard let name = String(validatingCString: bytes) else {
        unreadable += 1
        continue
      }
      if name != "." && name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw failure("list", folder) }
    names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return (names, unreadable)
  }

  /// The first bytes of a file, at most `limit`, and its status when it was opened; nil when there is none of that name.
  /// Links are not followed.
  static func read(
    _ path: String, limit: Int
  ) throws(ThumbnailsError) -> (bytes: [UInt8], status: Status)? {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw failure("open", path)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("look at", path) }
    let facts = Status(status)
    let wanted = min(limit, Int(facts.size))
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
      while filled < wanted {
        let count = Glibc.read(descriptor, buffer.baseAddress! + filled, wanted - filled)
        if count < 0, errno == EINTR { continue }
        if count < 0 { code = errno }
        if count <= 0 { break }
        filled += count
      }
    }
    errno = code
    guard code == 0 else { throw failure("read", path) }
    return (bytes, facts)
  }

  /// Writes a new file and waits until its bytes are on the disk. Fails when the name is taken.
  static func write(_ bytes: [UInt8], to path: String) throws(ThumbnailsError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("create", path) }
    var code: Int32 = 0
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let count = Glibc.write(descriptor, buffer.baseAddress! + done, buffer.count - done)
        if count < 0, errno == EINTR { continue }
        if count < 0 {
          code = errno
          break
        }
        done += count
      }
    }
    if code == 0, fsync(descriptor) != 0 { code = errno }
    if close(descriptor) != 0, code == 0 { code = errno }
    errno = code
    guard code == 0 else { throw failure("write", path) }
  }

  static func rename(_ from: String, to path: String) throws(ThumbnailsError) {
    guard Glibc.rename(from, path) == 0 else { throw failure("write", path) }
  }

  /// Removes a file. False when it stands still.
  @discardableResult
  static func remove(_ path: String) -> Bool {
    unlink(path) == 0 || errno == ENOENT
  }

  /// Waits until the names in a folder are on the disk.
  static func syncFolder(_ path: String) throws(ThumbnailsError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("sync", path) }
  }

  /// Makes a folder and those above it where they are missing; their names are on the disk when it returns.
  static func makeFolders(_ path: String) throws(ThumbnailsError) {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
    let parent = String(path[..<slash])
    if try status(parent) == nil { try makeFolders(parent) }
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure("create", path) }
    try syncFolder(parent)
  }

  private static func failure(_ verb: String, _ path: String) -> ThumbnailsError {
    ThumbnailsError(.system, "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
  }
}
