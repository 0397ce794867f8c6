#if canImport(Glibc)
  internal import Glibc
#endif

/// The folder that holds a store: mode 0700, with the database file (0600) and the engine's lock in it.
struct StateDirectory: Sendable {
  let path: String

  var databasePath: String { path + "/carillon.db" }
  var lockPath: String { path + "/lock" }

  /// Makes the folder and what leads to it. One that is there keeps its mode.
  func create() throws(StoreError) {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/\(part)"
      if mkdir(made, 0o700) == 0 {
        try Self.makeDurable(Self.folder(of: made))
      } else if errno != EEXIST {
        throw Self.failure("cannot make the folder \(made)", errno)
      }
    }
    var status = stat()
    guard stat(path, &status) == 0 else { throw Self.failure("cannot look at \(path)", errno) }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw StoreError(.unavailable, "\(path) is not a folder. Name another state directory.")
    }
  }

  /// Makes the database file with mode 0600, or gives an older one that mode. To be called before SQLite has it open: POSIX
  /// drops a process's locks on a file when any descriptor of it is closed.
  func createDatabaseFile() throws(StoreError) {
    let descriptor = open(databasePath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
      close(descriptor)
      try Self.makeDurable(path)
    } else if errno != EEXIST {
      throw Self.failure("cannot make \(databasePath)", errno)
    } else if chmod(databasePath, 0o600) != 0 {
      throw Self.failure("cannot set the mode of \(databasePath)", errno)
    }
  }

  /// Throws `notFound` when no store has been made here, `unavailable` when it cannot be read.
  func requireDatabaseFile() throws(StoreError) {
    if access(databasePath, R_OK) == 0 { return }
    guard errno == ENOENT || errno == ENOTDIR else { throw Self.failure("cannot read \(databasePath)", errno) }
    throw StoreError(.notFound, "no run has been made yet: there is no \(databasePath)")
  }

  /// Bytes of the file, 0 when there is none.
  static func size(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Whether both paths lead to one file that exists.
  static func isSameFile(_ left: String, _ right: String) -> Bool {
    var (leftStatus, rightStatus) = (stat(), stat())
    guard stat(left, &leftStatus) == 0, stat(right, &rightStatus) == 0 else { return false }
    return leftStatus.st_dev == rightStatus.st_dev && leftStatus.st_ino == rightStatus.st_ino
  }

  /// The folder that a path lies in.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// fsync(2) of a file, or of a folder: then a new name in it outlives a power failure.
  static func makeDurable(_ path: String) throws(StoreError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot open \(path)", errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("cannot make \(path) durable", errno) }
  }

  static func failure(_ what: String, _ code: Int32) -> StoreError {
    let detail = "\(what): \(String(cString: strerror(code)))"
    if code == ENOSPC || code == EDQUOT { return StoreError(.full, "\(detail). Make room and try again.") }
    if code == EACCES || code == EPERM {
      return StoreError(
        .unavailable,
        "\(detail). This process is user \(geteuid()); what a run of another user (root?) left in the folder is that user's: "
          + "chown -R it, and run carillon as one user.")
    }
    return StoreError(.unavailable, "\(detail). Check the owner and mode of the folder.")
  }
}
