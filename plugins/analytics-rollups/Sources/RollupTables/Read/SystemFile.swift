import Glibc

/// A file of this machine (POSIX.1-2017): paths and bytes in, `RollupsError` out, no errno.
package final class SystemFile {
  package let path: String
  private let descriptor: Int32

  private init(_ path: String, _ descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// For reading; nil when there is none of that name.
  package static func open(_ path: String) throws(RollupsError) -> SystemFile? {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw failure("open", path)
    }
    return SystemFile(path, descriptor)
  }

  /// A new, empty file, in the place of one that is there.
  package static func create(_ path: String) throws(RollupsError) -> SystemFile {
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("create", path) }
    return SystemFile(path, descriptor)
  }

  /// The same, locked for as long as it is open: others can tell that it is being written.
  package static func createLocked(_ path: String) throws(RollupsError) -> SystemFile {
    let file = try create(path)
    _ = try file.lock(waits: false)
    return file
  }

  /// Some process that lives holds the file's lock. False where there is none of that name.
  static func isLocked(_ path: String) throws(RollupsError) -> Bool {
    guard let file = try open(path) else { return false }
    return try !file.lock(waits: false)
  }

  /// One that is written on at its end.
  package static func append(_ path: String) throws(RollupsError) -> SystemFile {
    let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", path) }
    return SystemFile(path, descriptor)
  }

  /// What fstat(2) tells.
  package func stamp() throws(RollupsError) -> Stamp {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure("look at", path) }
    return Stamp(status)
  }

  /// Fills `room` from a place in the file; less at its end. Bytes.
  package func read(into room: UnsafeMutableRawBufferPointer, at offset: Int64) throws(RollupsError) -> Int {
    var done = 0
    while done < room.count {
      let count = pread(descriptor, room.baseAddress! + done, room.count - done, off_t(offset) + off_t(done))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure("read", path) }
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// Tells the kernel that all of it will be read in order.
  package func willBeReadInOrder() { _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL) }

  package func write(_ bytes: UnsafeRawBufferPointer) throws(RollupsError) {
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure("write", path) }
      done += count
    }
  }

  /// Waits until its bytes are on the disk.
  package func sync() throws(RollupsError) {
    guard fsync(descriptor) == 0 else { throw Self.failure("write", path) }
  }

  /// Holds the file's lock (flock(2)) until it is closed; false when somebody else does and `waits` is false.
  package func lock(waits: Bool) throws(RollupsError) -> Bool {
    while flock(descriptor, LOCK_EX | (waits ? 0 : LOCK_NB)) != 0 {
      if errno == EINTR { continue }
      if errno == EWOULDBLOCK { return false }
      throw Self.failure("lock", path)
    }
    return true
  }

  static func failure(_ verb: String, _ path: String) -> RollupsError {
    RollupsError(.system, "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
  }
}

extension SystemFile {
  /// Puts a file whole in the place of another, and waits until the name is on the disk.
  package static func move(_ from: String, over path: String) throws(RollupsError) {
    guard rename(from, path) == 0 else { throw failure("write", path) }
    try syncFolder(of: path)
  }

  /// Removes a file; nothing happens when there is none.
  package static func remove(_ path: String) throws(RollupsError) {
    guard unlink(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
  }

  /// Nothing happens to a folder that has something in it.
  static func removeFolderIfEmpty(_ path: String) { rmdir(path) }

  /// Links are followed. Throws `system` where that cannot be told.
  package static func isFolder(_ path: String) throws(RollupsError) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return false }
      throw failure("look at", path)
    }
    return status.st_mode & S_IFMT == S_IFDIR
  }

  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Makes a folder and those above it where they are missing.
  package static func makeFolders(_ path: String) throws(RollupsError) {
    if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else { throw failure("create", path) }
    try makeFolders(String(path[..<slash]))
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure("create", path) }
  }

  /// The names in a folder in the order of their bytes, without `.` and `..`; nil when there is none. Names that are not UTF-8
  /// are left out.
  package static func names(in folder: String) throws(RollupsError) -> [String]? {
    guard let stream = opendir(folder) else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw failure("list", folder)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      // The name is NUL-terminated inside the entry; its declared length is only a minimum.
      let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0
      let bytes = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
      guard let name = String(validatingCString: bytes) else { continue }
      if name != "." && name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw failure("list", folder) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func syncFolder(of path: String) throws(RollupsError) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let descriptor = Glibc.open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("sync", folder) }
  }
}
